module roamspec.example/generated-client

go 1.23

require example.com/roaming/client v0.0.0

replace example.com/roaming/client => ./client
