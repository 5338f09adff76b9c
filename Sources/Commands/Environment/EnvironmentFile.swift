import AuditTrail
import PolicyEngine
import SystemPackage

/// Reads the files that `--env-file` names.
enum EnvironmentFile {
    /// Puts the variables of each file before what flags say of the same names.
    /// - Returns: The files.
    static func expand(_ overrides: inout Overrides, in folder: FilePath, home: String?) throws(Refusal) -> [String] {
        var files: [String] = [], found: [Overrides.Entry] = [], problems: [String] = [], refusals: [Refusal] = []
        for entry in overrides.entries where entry.key == .envFiles {
            let name =
                home.map { entry.value.hasPrefix("~/") ? $0 + entry.value.dropFirst() : entry.value } ?? entry.value
            let path = FilePath(name).isAbsolute ? FilePath(name) : folder.appending(FilePath(name).components)
            let text: String
            do throws(Refusal) { text = try read(path, entry) } catch {
                refusals.append(error)
                continue
            }
            let file = EnvironmentText(text)
            problems += file.problems.map { "\(entry.value):\($0)" }
            files.append(path.string)
            for variable in file.assignments {
                if Redaction.isSecretName(variable.name) { KnownSecrets.add(variable.value) }
                found.append(
                    .init(
                        .envVars, "\(variable.name)=\(variable.value)",
                        from: .file(entry.value, line: variable.line, column: variable.column)))
            }
        }
        if !problems.isEmpty {
            refusals.append(Refusal(.malformed, Refusal.list(problems), next: "docs/environment.md has the grammar"))
        }
        if let refusal = Refusal(refusals) { throw refusal }
        overrides.entries = found + overrides.entries
        return files
    }

    private static func read(_ path: FilePath, _ entry: Overrides.Entry) throws(Refusal) -> String {
        let bytes: [UInt8]
        do throws(OverrideFileError) { bytes = try OverrideFile.contents(of: path) } catch {
            throw Refusal(.input, "cannot read the variables: \(error)", next: "check the path given with --env-file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(.malformed, "\(entry.value): not UTF-8", next: "docs/environment.md has the grammar")
        }
        return text
    }
}
