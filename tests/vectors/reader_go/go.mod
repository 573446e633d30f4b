module vectors.example/reader

go 1.26
