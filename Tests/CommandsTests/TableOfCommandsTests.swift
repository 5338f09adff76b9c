import AgentBox
import ArgumentParser
import Foundation
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("Help, completions, manual and ids come from one table")
struct TableOfCommandsTests {
    @Test("Each flag that run reads is completed by each shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let script = try #require(CompletionShell(rawValue: shell).map { CompletionScript.text(for: $0) })
        for flag in RunArguments.allNames {
            let name = shell == "fish" ? "-l '\(flag.dropFirst(2))'" : flag
            #expect(script.contains(name), "\(flag)")
        }
    }

    @Test("Wherever a manifest is completed its names are, in each shell", arguments: ["bash", "zsh", "fish"])
    func manifests(shell: String) throws {
        let script = try #require(CompletionShell(rawValue: shell).map { CompletionScript.text(for: $0) })
        // run, approve and inspect, as argument and as flag; validate; diff twice.
        #expect(script.ranges(of: CompletionScript.namesFlag).count == 9)
        #expect(CompletionScript.names == ManifestLibraryTests.names)
    }

    // As a person presses the key, in the shell itself.
    @Test(
        "A name, a file and a folder are completed in each shell",
        arguments: ["bash", "zsh", "fish"])
    func shells(shell: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/tidy", withIntermediateDirectories: false)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/time-2.json"))
        try Data().write(to: URL(fileURLWithPath: folder.path + "/time.txt"))
        // A file may be called what a shell would run.
        try Data().write(to: URL(fileURLWithPath: folder.path + "/ti$(touch ran).json"))
        let kind = try #require(CompletionShell(rawValue: shell))
        let script = folder.path + "/script"
        try CompletionScript.text(for: kind).write(toFile: script, atomically: true, encoding: .utf8)
        let place = URL(fileURLWithPath: Products.agentbound).deletingLastPathComponent().path
        let ask =
            switch shell {
            case "bash":
                """
                . "$0"; COMP_WORDS=(agentbound run ti); COMP_CWORD=2; COMP_LINE='agentbound run ti'; COMP_POINT=${#COMP_LINE}
                _agentbound agentbound ti run; printf '%s\n' "${COMPREPLY[@]}"
                """
            case "zsh":
                """
                zmodload zsh/zpty; zpty z zsh -f -i
                zpty -w z "PS1=; autoload -U compinit; compinit -u -D; . '$0'; compdef _agentbound agentbound; print re''ady"
                zpty -r z text '*ready*'; zpty -w -n z $'agentbound run ti\\t\\t'
                for i in {1..100}; do
                    while zpty -r -t z text; do all+=$text; done
                    [[ $all == *time-2.json* ]] && break; sleep 0.1
                done; print -r -- "$all"
                """
            default: ". \"$argv[1]\"; complete -C 'agentbound run ti'"
            }
        let ended = try run(
            [shell] + (shell == "bash" ? ["--norc"] : shell == "zsh" ? ["-f"] : ["--no-config"]) + ["-c", ask, script],
            environment: ["PATH": place + ":/usr/bin:/bin", "HOME": folder.path, "TERM": "dumb"], folder: folder.path)
        // What sets colours and moves the cursor is no part of a word.
        let said = ended.text.replacing(try Regex("\u{1b}\\[[0-9;?]*[A-Za-z]"), with: " ")
        for word in ["time", "time-2.json", "tidy"] {
            let words = said.split { !($0.isLetter || $0.isNumber || "-.".contains($0)) }
            #expect(words.contains { $0 == word }, "\(word): \(said) \(ended.errors)")
        }
        #expect(!ended.text.contains("time.txt"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/ran"))
    }

    @Test("Nothing is completed that run does not read")
    func declared() {
        let known = Set(RunArguments.allNames)
        let words = RunDeclaration.helpMessage(columns: 200).split { " \n<>,|[]".contains($0) }.filter {
            $0.hasPrefix("--") && $0.count > 2
        }
        #expect(words.count > 30)
        for word in words { #expect(known.contains(String(word)), "\(word)") }
    }

    @Test(
        "Help of run, approve and inspect names every flag",
        arguments: [RunHelp.text, RunHelp.approve, RunHelp.inspect, ManualPage.text])
    func help(text: String) {
        let plain = text.replacingOccurrences(of: #"\-"#, with: "-")
        for flag in RunArguments.allNames { #expect(plain.contains(flag)) }
    }

    @Test("Each id is explained once, and one that was shown is found in any case")
    func ids() {
        let ids = Explanation.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Explanation.find("ab1010")?.id == "AB1010")
        for gap in [Gap.files, .supervisor, .tracer, .denyInsideGrant("/x"), .unsearchedGrant("/x")] {
            #expect(Explanation.find(gap.id) != nil)
        }
        for permission in Permission.allCases { #expect(Explanation.find(Explanation.denialID(permission)) != nil) }
        #expect(Explanation.find(Explanation.denialID(nil)) != nil)
    }

    @Test("Each line of doctor and each cause of a refusal is explained")
    func reports() {
        for line in DoctorReport(features: .current(), machine: .current()).lines {
            #expect(Explanation.find("doctor-\(line.id)") != nil, "\(line.id)")
        }
        let causes: [Refusal.Cause] = [
            .usage, .input, .malformed, .gaps, .consent, .system, .audit, .output, .launch(exitCode: 127),
        ]
        for cause in causes { #expect(Explanation.find("refused-\(Refusal(cause, "", next: nil).name)") != nil) }
    }

    @Test(
        "Each refusal's exit code is documented",
        arguments: [
            Refusal.Cause.usage, .input, .malformed, .gaps, .consent, .system, .audit, .output, .unknown,
            .launch(exitCode: 126),
        ])
    func codes(cause: Refusal.Cause) throws {
        let code = Refusal(cause, "", next: nil).exitCode
        #expect(ExitCodes.ofCommands.contains { $0.code == code })
        #expect(try page("exit-codes").contains("| \(code) |"))
    }

    @Test("Each command has its row in the documentation", arguments: Root.commandNames)
    func documented(command: String) throws { #expect(try page("commands").contains("| `\(command)")) }

    private func page(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        return try String(contentsOf: root.appendingPathComponent("docs/\(name).md"), encoding: .utf8)
    }

    @Test(
        "Misspelt names lead to the right one, and far ones to none",
        arguments: [
            ("vlidate", "validate"), ("inspct", "inspect"), ("Run", "run"), ("xyzzy", nil),
        ] as [(String, String?)])
    func nearest(word: String, name: String?) { #expect(Nearest.name(to: word, among: Root.commandNames) == name) }
}

@Suite("What holds a permission on a kernel")
struct PermissionHoldTests {
    private static func kernel(_ landlock: Int, notification: Bool = true, scope: Int = 1) -> KernelFeatures {
        var kernel = KernelFeatures.current()
        kernel.landlockABI = landlock
        kernel.userNotification = notification
        kernel.pidfdGetfd = notification
        kernel.ptraceScope = scope
        return kernel
    }

    @Test("G20: without Landlock nothing holds files, and it is said")
    func noLandlock() {
        #expect(
            PermissionHold(.filesystemRead, isolation: .plain, hasCommands: false, on: Self.kernel(0)).gap == .files)
    }

    @Test("Without notifications nothing judges addresses")
    func noSupervisor() {
        let hold = PermissionHold(
            .networkClient, isolation: .namespaces, hasCommands: false, on: Self.kernel(7, notification: false))
        #expect(hold.gap == .supervisor)
    }

    @Test("A command list needs tracing; no command does not")
    func tracing() {
        let kernel = Self.kernel(7, scope: 3)
        #expect(PermissionHold(.exec, isolation: .plain, hasCommands: true, on: kernel).gap == .tracer)
        #expect(PermissionHold(.exec, isolation: .plain, hasCommands: false, on: kernel).gap == nil)
    }

    @Test("G20: below ABI 4 Landlock is not said to hold TCP", arguments: [(3, false), (4, true)])
    func tcp(abi: Int, named: Bool) {
        let hold = PermissionHold(.networkClient, isolation: .plain, hasCommands: false, on: Self.kernel(abi))
        #expect(hold.layers.contains { $0.hasPrefix("Landlock") } == named)
    }
}
