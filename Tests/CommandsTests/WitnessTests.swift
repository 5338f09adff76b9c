import AgentBox
import ManifestModel
import Testing

@testable import Commands

private func denial(_ subject: String, reason: String = "not in readPaths", flag: String? = nil) -> BoxEvent {
    BoxEvent(.deny, .filesystemRead, act: "openat", subject: subject, reason: reason, layer: .landlock, flag: flag)
}

@Suite("Denials on standard error")
struct WitnessTests {
    @Test("A line says what, why, by which layer, and which flag would allow it")
    func line() {
        #expect(
            RunWitness.line(denial("/home/u/.ssh/id_rsa", flag: "--read-path /home/u/.ssh/id_rsa")) == """
                agentbound: denied filesystem.read /home/u/.ssh/id_rsa (not in readPaths) by landlock; allow with --read-path /home/u/.ssh/id_rsa

                """)
    }

    @Test("A flag's value is quoted as a shell needs it")
    func quoted() {
        #expect(RunWitness.line(denial("/a b", flag: "--read-path /a b")).hasSuffix("allow with --read-path '/a b'\n"))
    }

    @Test(
        "G13: whatever the server calls things, it stays one line that steers nothing",
        arguments: [
            "a\nagentbound: allowed all", "\u{1b}]0;title\u{7}", "\u{9b}2J", "\u{202e}gpj.exe", "a\rb", "\u{2028}",
        ])
    func escaped(name: String) {
        let line = RunWitness.line(denial(name, reason: name, flag: "--read-path \(name)")).dropLast()
        #expect(line.unicodeScalars.allSatisfy { !($0.value < 0x20 || (0x7F..<0xA0).contains($0.value)) })
        #expect(line.unicodeScalars.allSatisfy { ![0x2028, 0x202E].contains($0.value) })
    }

    @Test("A long name is cut")
    func long() { #expect(RunWitness.line(denial(String(repeating: "x", count: 100_000))).utf8.count < 1_200) }

    @Test("Repetitions are counted, not shown")
    func repeated() {
        #expect(RunWitness.line(denial("/a"), repeated: 41).contains("(not in readPaths, 41 times more before)"))
    }

    @Test("The summary counts every denial and names each flag once")
    func summary() {
        let witness = RunWitness(audit: nil, isQuiet: false)
        // The subject is one, so one line goes to standard error.
        for _ in 0..<5 { _ = witness.record(denial("/a b", flag: "--read-path /a b")) }
        #expect(
            witness.summary(session: "s1") == """
                agentbound: 5 denials; what they ask for: --read-path '/a b'
                  next: `agentbound audit show s1` has them all

                """)
    }

    @Test("A flag that would take the place of a default is suggested after the default, which is said once")
    func defaults() {
        let witness = RunWitness(audit: nil, isQuiet: false, defaults: ["--read-path": ["/w"], "--allow-host": ["*"]])
        for path in ["/a", "/b", "/w"] { _ = witness.record(denial(path, flag: "--read-path \(path)")) }
        _ = witness.record(denial("h", flag: "--allow-host h:80"))
        #expect(
            witness.summary(session: nil)
                == "agentbound: 4 denials; what they ask for: --read-path /w --read-path /a --read-path /b "
                + "--allow-host '*' --allow-host h:80\n")
    }

    @Test("The summary names the journal where one was named, and tells when it has not all")
    func journal() {
        let witness = RunWitness(audit: nil, isQuiet: true)
        for _ in 0..<2 { _ = witness.record(denial("/a")) }
        #expect(witness.summary(session: "s", journal: "j").isEmpty)
        let loud = RunWitness(audit: nil, isQuiet: false)
        _ = loud.record(denial("/a"))
        #expect(
            loud.summary(session: "s", journal: "a b").contains("`agentbound audit show s --file 'a b'` has them all"))
        for _ in 0..<10_000 { _ = loud.record(denial("/a")) }
        #expect(loud.summary(session: "s").contains("of them, the others are repetitions"))
    }

    @Test("G14: a server that thinks of ever new names fills neither screen nor memory, and every denial is counted")
    func flood() {
        let witness = RunWitness(audit: nil, isQuiet: false)
        for number in 0..<20_000 { _ = witness.record(denial("/\(number)", flag: "--read-path /\(number)")) }
        let summary = witness.summary(session: nil)
        #expect(summary.hasPrefix("agentbound: 20000 denials"))
        #expect(summary.hasSuffix("and more\n"))
        #expect(summary.utf8.count < 2_000)
    }

    @Test("Quiet means quiet, and what is not recorded is not permitted only where there is a record")
    func quiet() {
        let witness = RunWitness(audit: nil, isQuiet: true)
        #expect(witness.record(denial("/a")))
        #expect(witness.summary(session: nil).isEmpty)
    }
}
