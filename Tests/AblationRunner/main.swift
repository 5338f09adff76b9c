// AblationRunner LAYER... run ARGUMENT...: `agentbound run` with layers left out. For tests only, and no part of the
// product: the executable has no way to leave a layer out.
import AgentBox
import Commands
import Glibc

let words = CommandLine.arguments.dropFirst()
let layers = words.prefix { $0 != "run" }
exit(RunCommand.main(Array(words.dropFirst(layers.count + 1)), without: Set(layers.map { BoxLayer(rawValue: $0)! })))
