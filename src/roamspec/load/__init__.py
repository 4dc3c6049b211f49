"""A load of many users on a target, with every answer judged; Locust runs in processes of its own."""
