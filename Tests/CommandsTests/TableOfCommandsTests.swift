import AgentBox
import ArgumentParser
import Foundation
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@testable import Commands

@Suite("Help, completions, manual and ids come from one table")
struct TableOfCommandsTests {
    @Test("Each flag that run reads is completed by each shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let script = try #require(CompletionShell(rawValue: shell).map { Root.completionScript(for: $0) })
        for flag in RunArguments.allNames {
            let name = shell == "fish" ? "-l '\(flag.dropFirst(2))'" : flag
            #expect(script.contains(name), "\(flag)")
        }
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
