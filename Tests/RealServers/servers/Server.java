import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An MCP server over stdio with the JDK alone: HTTP and files. Strings of its client hold no escapes. */
public class Server {
    public static void main(String[] words) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null;) {
            String id = find(line, "\"id\":\\s*(\\d+)");
            if (id == null) continue;
            System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result(line) + "}");
        }
    }

    private static String result(String line) {
        switch (text(line, "method")) {
            case "initialize":
                return "{\"protocolVersion\":\"" + text(line, "protocolVersion")
                    + "\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"java\",\"version\":\"1\"}}";
            case "tools/list":
                return "{\"tools\":[" + tool("fetch") + "," + tool("read") + "," + tool("write") + "]}";
            default:
                try {
                    return content(call(line), false);
                } catch (Exception problem) {
                    return content(String.valueOf(problem), true);
                }
        }
    }

    private static String call(String line) throws Exception {
        switch (text(line, "name")) {
            case "fetch":
                HttpRequest request = HttpRequest.newBuilder(URI.create(text(line, "url"))).build();
                return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
            case "read":
                return Files.readString(Path.of(text(line, "path")));
            default:
                Files.writeString(Path.of(text(line, "path")), text(line, "text"));
                return "written";
        }
    }

    private static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private static String content(String text, boolean failed) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t");
        return "{\"content\":[{\"type\":\"text\",\"text\":\"" + escaped + "\"}],\"isError\":" + failed + "}";
    }

    private static String text(String line, String key) {
        return find(line, "\"" + key + "\":\\s*\"([^\"]*)\"");
    }

    private static String find(String line, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(line);
        return found.find() ? found.group(1) : null;
    }
}
