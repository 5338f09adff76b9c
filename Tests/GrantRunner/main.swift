import Foundation
import GrantStore
import SystemPackage

// One of several processes that charge one account: GrantRunner FOLDER ACCOUNT LIMIT TIMES [SECONDS AGO]. Prints how often it was let
// through.
// GrantRunner FOLDER grant TOOL SECONDS gives a grant for less than a minute.
let words = CommandLine.arguments
let store = try GrantStore(folder: FilePath(words[1]))
if words[2] == "grant" {
    let now = Date().timeIntervalSince1970
    let grant = Grant(server: "*", tool: words[3], created: now, expires: now + Double(words[4])!, uses: 1_000)
    try store.transact { _ = try $0.add(grant, now: now) }
    exit(0)
}
var charged = 0
for _ in 0..<Int(words[4])! {
    let now = Date().timeIntervalSince1970 - (words.count > 5 ? Double(words[5])! : 0)
    let result = try store.transact { state in
        try state.charge(
            [Charge(account: words[2], amount: 1, limit: Double(words[3])!, window: 3_600)], now: now)
    }
    if result == .charged { charged += 1 }
}
print(charged)
