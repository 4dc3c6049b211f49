module roamspec.example/go-sdk

go 1.21
