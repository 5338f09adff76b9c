/// Names under which strangers can have names of their own. A warning's heuristic, not the whole public suffix list:
/// top-level domains, second levels such as `co.uk`, and large hosting platforms.
enum SharedSuffixes {
    static func contains(_ name: String) -> Bool {
        let labels = name.split(separator: ".")
        if labels.count == 1 { return true }
        if labels.count == 2, labels[1].utf8.count == 2, registryLevels.contains(String(labels[0])) { return true }
        return platforms.contains(name)
    }

    private static let registryLevels: Set<String> = ["ac", "co", "com", "edu", "gov", "go", "ne", "net", "or", "org"]

    private static let platforms: Set<String> = [
        "amazonaws.com", "appspot.com", "azurewebsites.net", "blogspot.com", "cloudapp.azure.com", "cloudfront.net",
        "deno.dev", "firebaseapp.com", "fly.dev", "github.io", "githubusercontent.com", "gitlab.io", "glitch.me",
        "googleusercontent.com", "herokuapp.com", "loca.lt", "netlify.app", "ngrok-free.app", "ngrok.app", "ngrok.io",
        "onrender.com", "pages.dev", "r2.dev", "render.com", "run.app", "s3.amazonaws.com", "trycloudflare.com",
        "up.railway.app", "vercel.app", "web.app", "windows.net", "workers.dev",
    ]
}
