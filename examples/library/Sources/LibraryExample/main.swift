import Glibc
import SystemPackage

let folder: FilePath = "/srv/notes"
let manifest = try readManifest(
    """
    {"description": "Reads notes.", "permissions": ["mcp.ac.filesystem.read", "mcp.ac.network.client"]}
    """)
ask(try permissions(manifest, folder: folder), folder: folder)

var now = timespec()
clock_gettime(CLOCK_REALTIME_COARSE, &now)
// One process may run as many boxes as it likes, one after the other or side by side.
for _ in 1...2 {
    let (ending, denials) = try runWithNothing(
        ["/bin/sh", "-c", "echo in the box; id"], now: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    print(ending, denials)
}

try keepRecord(at: FilePath("/tmp/agentbound-library-\(getpid()).jsonl"))
