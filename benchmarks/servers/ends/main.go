// Both ends of a relay, light, so that what stands between them is what limits: `ends serve` is an upstream
// that counts content and throws it away, `ends send PORT BYTES` sends one upload over a connection of its own.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

const pieceBytes = 256 << 10

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(w http.ResponseWriter, value any) {
	body, _ := json.Marshal(value)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// io.Copy to io.Discard would read 8 KiB at a time.
func count(from io.Reader) (total int64) {
	piece := make([]byte, pieceBytes)
	for {
		read, err := from.Read(piece)
		total += int64(read)
		if err != nil {
			return total
		}
	}
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	check(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			answer(w, map[string]string{"hello": "world"})
		case "/json":
			var posted struct{ Note string }
			json.NewDecoder(r.Body).Decode(&posted)
			answer(w, map[string]int{"length": len(posted.Note)})
		default:
			answer(w, map[string]int64{"bytes": count(r.Body)})
		}
	})))
}

func send(port string, bytes int64) {
	connection, err := net.Dial("tcp", "127.0.0.1:"+port)
	check(err)
	piece := make([]byte, pieceBytes)
	began := time.Now()
	_, err = fmt.Fprintf(connection, "POST /upload HTTP/1.1\r\nHost: benchmark\r\nContent-Length: %d\r\n\r\n", bytes)
	check(err)
	for left := bytes; left > 0; {
		if left < int64(len(piece)) {
			piece = piece[:left]
		}
		written, err := connection.Write(piece)
		check(err)
		left -= int64(written)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	check(err)
	var counted struct{ Bytes int64 }
	check(json.NewDecoder(response.Body).Decode(&counted))
	if response.StatusCode != 200 || counted.Bytes != bytes {
		check(fmt.Errorf("%s, %d of %d bytes", response.Status, counted.Bytes, bytes))
	}
	elapsed := time.Since(began)
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	busy := time.Duration(used.Utime.Nano() + used.Stime.Nano())
	fmt.Printf("{\"ms\":%.3f,\"busyMs\":%.3f}\n", elapsed.Seconds()*1000, busy.Seconds()*1000)
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "send" {
		bytes, err := strconv.ParseInt(os.Args[3], 10, 64)
		check(err)
		send(os.Args[2], bytes)
		return
	}
	serve()
}
