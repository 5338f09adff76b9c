// An MCP server over stdio with the standard library alone: HTTP and files.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
)

type request struct {
	ID     *json.RawMessage `json:"id"`
	Method string           `json:"method"`
	Params struct {
		ProtocolVersion string            `json:"protocolVersion"`
		Name            string            `json:"name"`
		Arguments       map[string]string `json:"arguments"`
	} `json:"params"`
}

type object = map[string]any

func call(name string, given map[string]string) (string, error) {
	switch name {
	case "fetch":
		answer, err := http.Get(given["url"])
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		return string(text), err
	case "read":
		text, err := os.ReadFile(given["path"])
		return string(text), err
	default:
		return "written", os.WriteFile(given["path"], []byte(given["text"]), 0o644)
	}
}

func result(asked request) object {
	switch asked.Method {
	case "initialize":
		return object{
			"protocolVersion": asked.Params.ProtocolVersion, "capabilities": object{"tools": object{}},
			"serverInfo": object{"name": "go", "version": "1"},
		}
	case "tools/list":
		tools := []object{}
		for _, name := range []string{"fetch", "read", "write"} {
			tools = append(tools, object{"name": name, "inputSchema": object{"type": "object"}})
		}
		return object{"tools": tools}
	}
	text, err := call(asked.Params.Name, asked.Params.Arguments)
	if err != nil {
		text = err.Error()
	}
	return object{"content": []object{{"type": "text", "text": text}}, "isError": err != nil}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if json.Unmarshal(lines.Bytes(), &asked) == nil && asked.ID != nil {
			out.Encode(object{"jsonrpc": "2.0", "id": asked.ID, "result": result(asked)})
		}
	}
}
