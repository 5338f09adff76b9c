import LinuxSystem
import SystemPackage

/// Options that take the next argument as their value. `node --help`, `bun --help`, `deno run --help`
let nodeOptions: Set<String> = [
    "-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file", "--title",
    "--max-http-header-size", "--icu-data-dir", "--openssl-config", "--input-type", "--unhandled-rejections",
]
let bunOptions: Set<String> = [
    "-r", "--preload", "--env-file", "--cwd", "-c", "--config", "--tsconfig-override", "--conditions",
]
let denoOptions: Set<String> = [
    "-c", "--config", "--import-map", "--lock", "--cert", "--env-file", "--seed", "-L", "--log-level",
]

extension ChainBuilder {
    /// Links that are followed out of node_modules folders, so that no tree can keep the launcher busy.
    private static let linkLimit = 2_000

    /// A script for node, bun or deno: its package, and the node_modules folders that module resolution would search.
    mutating func addNode(_ call: ProgramCall, options: Set<String>) throws(LaunchChainError) {
        let isCode = call.arguments.prefix { $0.hasPrefix("-") }.contains {
            ["-e", "--eval", "-p", "--print"].contains($0)
        }
        guard !isCode, let operand = firstOperand(call.arguments, withValue: options) else { return }
        guard let script = nodeScript(absolute(operand)) else { return }
        try grant(file: script.path, as: "script")
        links += script.links
        let place = script.path.parent
        let root = packageRoot(of: place)
        if let root, !limits.isTooBroad(root) {
            try grant(folder: root, as: "package folder")
        } else {
            offer(folder: place, as: "script's folder")
        }
        addModules(above: place)
    }

    /// The file that node would load for its main argument.
    private func nodeScript(_ path: FilePath) -> ResolvedPath? {
        let names = ["", ".js", ".json", ".mjs", ".cjs", ".ts", "/index.js"]
        for name in names {
            if let found = files.resolve(FilePath(path.string + name)), found.entry.kind == .file { return found }
        }
        // A folder with a package.json: which file it names makes no difference to what is readable.
        return files.resolve(path.appending("package.json"))
    }

    /// The nearest folder with a package.json (or deno.json), never past a node_modules folder.
    private func packageRoot(of place: FilePath) -> FilePath? {
        var above = place
        repeat {
            if above.lastComponent == "node_modules" { return nil }
            if ["package.json", "deno.json", "deno.jsonc"].contains(where: { files.isFile(above.appending($0)) }) {
                // Builds put a package.json into `dist` only to say which module system it uses.
                let hasName = files.text(of: above.appending("package.json"))?.contains("\"name\"") ?? true
                if hasName { return above }
            }
        } while above.moveUp()
        return nil
    }

    /// Each `node_modules` on the way up. Modules, "Loading from node_modules folders"
    private mutating func addModules(above place: FilePath) {
        var seen: Set<FilePath> = []
        var above = place
        repeat {
            if above.lastComponent == "node_modules" || isGlobalPrefix(above) { continue }
            let modules = above.appending("node_modules")
            guard let real = files.resolve(modules)?.path, seen.insert(real).inserted else { continue }
            if offer(folder: modules, as: "installed packages") { addLinkedPackages(in: real, &seen) }
        } while above.moveUp()
    }

    /// `PREFIX/lib/node_modules` holds all programs that were installed globally; each has its dependencies inside it.
    private func isGlobalPrefix(_ folder: FilePath) -> Bool {
        folder.lastComponent == "lib" && files.isFolder(folder.parent.appending("bin"))
    }

    /// Packages that are linked into node_modules from elsewhere: workspace members, and pnpm's shared store.
    private mutating func addLinkedPackages(in modules: FilePath, _ seen: inout Set<FilePath>) {
        var pending = [modules]
        var followed = 0
        while let next = pending.popLast() {
            for entry in files.list(next) ?? [] {
                let path = next.appending(entry.name)
                if entry.name.hasPrefix("@"), !entry.isLink {
                    pending.append(path)
                    continue
                }
                guard entry.isLink, !entry.name.hasPrefix("."), let real = files.resolve(path)?.path,
                    !real.starts(with: modules)
                else { continue }
                followed += 1
                guard followed <= Self.linkLimit else {
                    notes.append("\(modules) holds more than \(Self.linkLimit) links; the rest are not followed")
                    return
                }
                // A store keeps each package beside links to what it needs: its node_modules folder is the unit.
                let unit = real.cut { $0 == "node_modules" } ?? real
                guard seen.insert(unit).inserted, !unit.starts(with: modules) else { continue }
                if unit == real {
                    // Anything can be linked to; only a package is believed, and its links are not followed further.
                    if files.isFile(real.appending("package.json")) { offer(folder: real, as: "linked package") }
                } else if offer(folder: unit, as: "linked package") {
                    pending.append(unit)
                }
            }
        }
    }
}

extension FilePath {
    /// The path up to its last component that matches, that one included; `nil` without one.
    fileprivate func cut(after matches: (Component) -> Bool) -> FilePath? {
        var path = self
        while let last = path.lastComponent {
            if matches(last) { return path }
            path.moveUp()
        }
        return nil
    }
}
