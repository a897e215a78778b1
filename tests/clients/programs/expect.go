// net/http of Go with `Expect` and the one second that its default transport waits.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	file, err := os.Open(os.Args[2])
	if err != nil {
		panic(err)
	}
	facts, _ := file.Stat()
	request, _ := http.NewRequest("PUT", os.Args[1], file)
	request.ContentLength = facts.Size()
	request.Header.Set("Expect", "100-continue")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		fmt.Printf("{\"status\":0,\"seen\":%q}\n", err.Error())
		return
	}
	seen := "ok"
	if response.StatusCode >= 400 {
		var body struct{ Error struct{ Reason string } }
		json.NewDecoder(response.Body).Decode(&body)
		seen = body.Error.Reason
	}
	fmt.Printf("{\"status\":%d,\"seen\":%q}\n", response.StatusCode, seen)
}
