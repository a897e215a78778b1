// The same for Go: see kit.mjs.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}}

func upload(url string, content []byte) string {
	request, err := http.NewRequest("PUT", url, bytes.NewReader(content))
	if err != nil {
		return err.Error()
	}
	response, err := client.Do(request)
	if err != nil {
		return name(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return name(err)
	}
	if response.StatusCode != 413 {
		return strconv.Itoa(response.StatusCode)
	}
	var body map[string]any
	if json.Unmarshal(text, &body) != nil || body["error"] == nil {
		return fmt.Sprintf("%d, broken body", response.StatusCode)
	}
	return strconv.Itoa(response.StatusCode)
}

func name(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		switch number {
		case syscall.ECONNRESET:
			return "ECONNRESET"
		case syscall.EPIPE:
			return "EPIPE"
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "EOF"
	}
	return fmt.Sprintf("%T", errors.Unwrap(err))
}

func main() {
	rounds, _ := strconv.Atoi(os.Args[2])
	size, _ := strconv.Atoi(os.Args[3])
	content := bytes.Repeat([]byte("x"), size)
	got := map[string]int{}
	for round := 0; round < rounds; round++ {
		got[upload(fmt.Sprintf("%s/files/%d.bin", os.Args[1], round), content)]++
	}
	line, _ := json.Marshal(got)
	fmt.Println(string(line))
}
