import ManifestModel
import SystemPackage

extension ResolutionWork {
    mutating func resolveEnvironment() {
        var passed: [String: String] = [:]
        let inherited = context.environment.variables
        for (name, value) in inherited.sorted(by: { $0.key < $1.key }) where EnvironmentRules.isBase(name) {
            if problem(name, value) == nil {
                passed[name] = value
            } else {
                warnings.append("\(name): left out, since its value cannot be passed on")
            }
        }
        if let home = context.home { passed["HOME"] = home.string }
        // With nothing to start, the system's folders would only show programs that are then refused; a program that
        // looks for an optional helper goes on more gracefully when it finds none.
        let own = searchFolders.filter(context.programFolders.contains)
        let folders = result.commands.isEmpty && !own.isEmpty ? own : searchFolders
        // Not `joined`: the first use of its generic types costs every start 0.1 ms.
        var path = ""
        for folder in folders { path += path.isEmpty ? folder.string : ":" + folder.string }
        passed["PATH"] = path
        record(.envVars, "PATH=\(path)", .byDefault("restricted PATH"))
        if isGranted(.environmentRead) {
            for entry in entries(.envVars) { add(entry, to: &passed) }
            for entry in entries(.secrets) { addSecret(entry) }
            if !overrides.mentions(.envVars) || entries(.envVars).isEmpty {
                recordNone(.envVars, "no variable besides the base set")
            }
        }
        result.environment = passed.sorted { $0.key < $1.key }.map {
            EnvironmentVariable(name: $0.key, value: $0.value)
        }
    }

    private mutating func add(_ entry: Overrides.Entry, to passed: inout [String: String]) {
        let equals = entry.value.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(equals.map { entry.value[..<$0] } ?? entry.value[...])
        if equals == nil, name.utf8.contains(UInt8(ascii: "*")) { return addGlob(entry, to: &passed) }
        guard isAllowed(name, entry) else { return }
        let value: String
        if let equals {
            value = String(entry.value[entry.value.utf8.index(after: equals)...])
        } else if let own = context.environment.variables[name] {
            value = own
        } else {
            let why = context.environment.unreadable.contains(name) ? "holds bytes that are not UTF-8" : "is not set"
            warnings.append("\(entry.origin): \(name) \(why), so nothing is passed")
            return
        }
        if let why = problem(name, value) {
            return refuse(entry, why, next: "pass it in a file that the server may read")
        }
        warnIfDangerous(name, entry)
        passed[name] = value
        record(.envVars, name, entry.origin)
    }

    private mutating func isAllowed(_ name: String, _ entry: Overrides.Entry) -> Bool {
        if !EnvironmentRules.isValidName(name) {
            refuse(
                entry, "`\(printable(name))` is no name of a variable",
                next: "use letters, digits and underscores, not first a digit")
            return false
        }
        if name == "PATH" {
            refuse(
                entry, "PATH is built from folders that the server cannot write to",
                next: "name programs with --allow-command")
            return false
        }
        return true
    }

    private mutating func warnIfDangerous(_ name: String, _ entry: Overrides.Entry) {
        if let why = EnvironmentRules.injectionReason(name) {
            warnings.append("\(entry.origin): \(name) is dangerous: \(why)")
        }
    }

    /// `NAME=FILE` or `NAME=!COMMAND`. Nothing is read here, and nothing is started.
    private mutating func addSecret(_ entry: Overrides.Entry) {
        guard let equals = entry.value.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            return refuse(
                entry, "it does not say where the value is to be had", next: "write NAME=FILE, or 'NAME=!COMMAND'")
        }
        let name = String(entry.value[..<equals])
        let source = String(entry.value[entry.value.utf8.index(after: equals)...])
        guard isAllowed(name, entry) else { return }
        let earlier = parts.contains { $0.key == .envVars && $0.value == name }
        if earlier || result.secrets.contains(where: { $0.name == name }) {
            return refuse(
                entry, "\(name) has a value already", next: "give it once, with --secret, --env or --env-file")
        }
        if source.hasPrefix("!") {
            let command = source.dropFirst().drop { $0 == " " }
            if command.isEmpty || command.utf8.contains(0) {
                return refuse(entry, "there is no command behind `!`", next: "as in 'API_TOKEN=!pass show api'")
            }
            result.secrets.append(SecretVariable(name: name, source: .command(String(command))))
            record(.secrets, "\(name) from what `\(command)` prints", entry.origin)
        } else {
            guard let file = secretFile(source, entry) else { return }
            result.secrets.append(SecretVariable(name: name, source: .file(file)))
            record(.secrets, "\(name) from \(file.string)", entry.origin)
        }
        warnIfDangerous(name, entry)
    }

    private mutating func secretFile(_ text: String, _ entry: Overrides.Entry) -> FilePath? {
        let expansion = PathExpansion(home: context.home, variables: context.environment.variables)
        do throws(PathExpansionError) {
            let path = try expansion.expand(text, in: context.workingDirectory)
            do throws(Errno) {
                let found = try context.lookup.find(path)
                if found.kind == .file { return found.path }
                refuse(entry, "it is no regular file", next: "name a file that holds the value")
            } catch { refuse(entry, "\(error)", next: "name a file that holds the value, or 'NAME=!COMMAND'") }
        } catch { refuse(entry, error.description, next: error.next) }
        return nil
    }

    /// `AWS_*`: every ordinary variable whose name matches. Injection variables are named one by one or not at all.
    private mutating func addGlob(_ entry: Overrides.Entry, to passed: inout [String: String]) {
        guard EnvironmentRules.isValidName(String(entry.value.filter { $0 != "*" })) else {
            return refuse(
                entry, "a pattern has letters, digits, underscores and `*`, and not `*` alone",
                next: "name the variables, as in AWS_*")
        }
        let pattern = PathPattern("/" + entry.value)
        let names = context.environment.variables.keys.filter {
            pattern.matches(FilePath("/" + $0)) && EnvironmentRules.isValidName($0)
        }
        let safe = names.filter { EnvironmentRules.injectionReason($0) == nil && $0 != "PATH" }.sorted()
        for name in safe {
            guard let value = context.environment.variables[name], problem(name, value) == nil else { continue }
            passed[name] = value
            record(.envVars, name, entry.origin)
        }
        if safe.isEmpty { warnings.append("\(entry.origin): no variable matches") }
    }

    /// Why the kernel or a shell would trip over the value, or `nil`. The value itself is never told.
    private func problem(_ name: String, _ value: String) -> String? {
        if value.utf8.contains(0) { return "the value holds NUL" }
        if value.hasPrefix("() {") { return "the value is a shell function, which old shells run" }
        if name.utf8.count + value.utf8.count + 2 > EnvironmentRules.longestString {
            return "the value is longer than execve(2) takes"
        }
        return nil
    }
}
