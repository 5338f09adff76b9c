import Foundation
import GrantStore
import SystemPackage

// One of several processes that charge one account: GrantRunner FOLDER ACCOUNT LIMIT TIMES. Prints how often it was let through.
let words = CommandLine.arguments
let store = try GrantStore(folder: FilePath(words[1]))
var charged = 0
for _ in 0..<Int(words[4])! {
    let now = Date().timeIntervalSince1970
    let result = try store.transact { state in
        try state.charge(
            [Charge(account: words[2], amount: 1, limit: Double(words[3])!, expires: now + 3_600)], now: now)
    }
    if result == .charged { charged += 1 }
}
print(charged)
