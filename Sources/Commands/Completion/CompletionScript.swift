import ArgumentParser

/// The completion scripts of the argument parser, which know files and fixed words, with the names of the manifests that come with
/// agentbound wherever a manifest is completed.
enum CompletionScript {
    /// What prints these names, one a line: for the scripts alone, which ask it when they complete.
    static let namesFlag = "---manifests"

    /// What is declared for an argument that names a manifest, and for no other.
    static let manifest = CompletionKind.file(extensions: ["json"])

    static func text(for shell: CompletionShell) -> String {
        let script = Root.completionScript(for: shell)
        return switch shell {
        // Files have a call of their own: words that are handed over as text are expanded again, and a file may be called anything.
        case .bash:
            script.replacing(
                "__agentbound_add_completions -o plusdirs -fX '!*.@(json)'\n",
                with: "__agentbound_add_completions -o plusdirs -fX '!*.@(json)'\n"
                    + "        __agentbound_add_completions -W \"$(\"${COMP_WORDS[0]}\" \(namesFlag) 2>/dev/null)\"\n")
        case .zsh:
            script.replacing(
                #":_files -g '\''*.json'\'''"#,
                with:
                    #":{compadd -- ${(f)"$("${command_name}" \#(namesFlag) 2>/dev/null)"};_files -g "*.json"}'"#)
        case .fish:
            script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.contains(#"*.\'json\';"#) && line.hasSuffix(")'")
                    ? line.dropLast(2) + ";command agentbound \(namesFlag) 2>/dev/null)'" : line
            }.joined(separator: "\n")
        default: script
        }
    }

    /// The names that ``ManifestLibrary`` finds, each once.
    static var names: [String] {
        let files = ManifestLibrary.folders().flatMap { ManifestSearch.names(in: $0) ?? [] }
        return Set(files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) })
            .filter { ManifestLibrary.locate($0) != nil }.sorted()
    }
}
