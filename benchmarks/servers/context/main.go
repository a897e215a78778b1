// The same application with Go's net/http, which asks for content when it is first read.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
)

func answer(w http.ResponseWriter, status int, value any) {
	body, _ := json.Marshal(value)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

func main() {
	limit, _ := strconv.ParseInt(os.Args[1], 10, 64)
	application := func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			// On HTTP/2 this would end the session, not the stream.
			if r.ProtoMajor == 1 {
				w.Header().Set("Connection", "close")
			}
			w.Header().Set("Cache-Control", "no-store")
			answer(w, 413, map[string]string{"reason": "content_too_large"})
			return
		}
		switch r.URL.Path {
		case "/":
			answer(w, 200, map[string]string{"hello": "world"})
		case "/json":
			var posted struct{ Note string }
			json.NewDecoder(r.Body).Decode(&posted)
			answer(w, 200, map[string]int{"length": len(posted.Note)})
		case "/upload":
			bytes, _ := io.Copy(io.Discard, r.Body)
			answer(w, 200, map[string]int64{"bytes": bytes})
		default:
			answer(w, 404, map[string]string{"error": "not found"})
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if len(os.Args) == 4 {
		http.ServeTLS(listener, http.HandlerFunc(application), os.Args[3], os.Args[2])
		return
	}
	http.Serve(listener, http.HandlerFunc(application))
}
