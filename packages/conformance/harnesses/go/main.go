// Go net/http as its documentation shows it: a mux, handlers, http.MaxBytesReader for the size.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const limit = 1000
const slow = 200 * time.Millisecond

var (
	mutex sync.Mutex
	calls = map[string]int{}
)

func reads(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		status := http.StatusBadRequest
		if strings.Contains(err.Error(), "too large") {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "no", status)
		return
	}
	sum := sha256.Sum256(content)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"length":%d,"sha256":"%s"}`, len(content), hex.EncodeToString(sum[:]))
}

func refuses(status int, name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if name != "" {
			w.Header().Set(name, value)
		}
		http.Error(w, "no", status)
	}
}

func unless(missing func(*http.Request) bool, refuse http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if missing(r) {
			refuse(w, r)
			return
		}
		reads(w, r)
	}
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })
	mux.HandleFunc("/counts", func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		fmt.Fprint(w, calls[r.URL.Query().Get("id")])
	})
	mux.HandleFunc("/reads", reads)
	mux.HandleFunc("/unlimited", reads)
	mux.HandleFunc("/refuses", refuses(401, "WWW-Authenticate", "Bearer"))
	mux.HandleFunc("/limit", func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			http.Error(w, "no", 413)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		reads(w, r)
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) { time.Sleep(slow); reads(w, r) })
	mux.HandleFunc("/slow-refuses", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(slow)
		http.Error(w, "no", 403)
	})
	mux.HandleFunc("/early", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "early") })
	mux.HandleFunc("/reads-then-refuses", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		http.Error(w, "no", 422)
	})
	mux.HandleFunc("/partial", func(w http.ResponseWriter, r *http.Request) {
		r.Body.Read(make([]byte, 1))
		http.Error(w, "no", 413)
	})
	mux.HandleFunc("/throws", refuses(500, "", ""))
	mux.HandleFunc("/methods", refuses(405, "Allow", "GET"))
	mux.HandleFunc("/typed", refuses(415, "Accept", "video/*"))
	mux.HandleFunc("/coded", unless(func(r *http.Request) bool { return r.Header.Get("Content-Encoding") != "" },
		refuses(415, "Accept-Encoding", "gzip")))
	mux.HandleFunc("/length-required", unless(func(r *http.Request) bool { return r.ContentLength < 0 }, refuses(411, "", "")))
	mux.HandleFunc("/busy", refuses(503, "Retry-After", "1"))

	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("Conformance-Id"); id != "" {
			mutex.Lock()
			calls[id]++
			mutex.Unlock()
		}
		mux.ServeHTTP(w, r)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "0"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if cert := os.Getenv("TLS_CERT"); cert != "" {
		panic(http.ServeTLS(listener, counted, cert, os.Getenv("TLS_KEY")))
	}
	panic(http.Serve(listener, counted))
}
