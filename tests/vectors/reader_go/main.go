// Command reader reads test vectors with Go's standard library alone and prints one line a file: name, a tab, and `ok` or the code.
//
// Where all that the standard library can check is right, but the vector's fault lies in an algorithm that it lacks (the line
// `needs`: ml-dsa-65, zstd), it prints `needs` and the algorithm. `reader seal PUBLIC KID PREFIX PAYLOAD` seals a chunk instead.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

type vector map[string][]string

func (v vector) one(key string) string {
	if len(v[key]) != 1 {
		return ""
	}
	return v[key][0]
}

func (v vector) blobs(key string) [][]byte {
	all := [][]byte{}
	for _, text := range v[key] {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			panic(err)
		}
		all = append(all, data)
	}
	return all
}

func load(path string) (vector, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if lines[0] != "cx-vector: 1" {
		return nil, errors.New("not a vector")
	}
	found := vector{}
	for _, line := range lines[1:] {
		key, value, _ := strings.Cut(line, ":")
		found[key] = append(found[key], strings.TrimSpace(value))
	}
	return found, nil
}

func read(v vector) error {
	trust := []key{}
	for _, line := range v["trust"] {
		parts := strings.Fields(line)
		public, err := base64.StdEncoding.DecodeString(parts[2])
		if err != nil {
			return err
		}
		trust = append(trust, key{parts[0], parts[1], public})
	}
	over, err := readManifest(v.blobs("manifest")[0], trust, v.one("at"), v.one("me"))
	if err != nil {
		return err
	}
	seed, err := hex.DecodeString(v.one("seed"))
	if err != nil {
		return err
	}
	payloads := [][]byte{}
	switch v.one("kind") {
	case "receipt":
		return checkReceipt(v.blobs("receipt")[0], over, trust)
	case "package":
		payloads, err = readPackage(v.blobs("chunk"), over, seed)
	case "chunk":
		payloads, err = readOne(v, over, seed)
	}
	if err != nil {
		return err
	}
	for place, wanted := range v.blobs("payload") {
		if !bytes.Equal(payloads[place], wanted) {
			return errors.New("another payload")
		}
	}
	return nil
}

func readOne(v vector, over manifest, seed []byte) ([][]byte, error) {
	index, err := strconv.Atoi(v.one("index"))
	if err != nil {
		return nil, err
	}
	path := [][]byte{}
	for _, text := range v["path"] {
		hash, err := hex.DecodeString(text)
		if err != nil {
			return nil, err
		}
		path = append(path, hash)
	}
	payload, err := openChunk(v.blobs("chunk")[0], over, index, path, seed)
	return [][]byte{payload}, err
}

func main() {
	if len(os.Args) == 6 && os.Args[1] == "seal" {
		data, err := sealChunk(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(base64.StdEncoding.EncodeToString(data))
		return
	}
	paths, _ := filepath.Glob(filepath.Join(os.Args[1], "*.vec"))
	for _, path := range paths {
		v, err := load(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, path, err)
			os.Exit(1)
		}
		result := "ok"
		if err := read(v); err != nil {
			result = err.Error()
		} else if needs := v.one("needs"); needs != "" {
			result = "needs " + needs
		}
		fmt.Printf("%s\t%s\n", v.one("name"), result)
	}
}
