import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// Files with keys and tokens. Secrets come from files and standard input only: every process can read a command line.
enum KeyFile {
    /// - Parameter isSecret: Then a file that others can read is refused.
    static func read(_ name: String, isSecret: Bool) throws(Refusal) -> String {
        let status: FileStatus, bytes: [UInt8]
        do throws(SyscallError) {
            let file = try OwnedDescriptor.open(FilePath(name == "-" ? "/dev/stdin" : name), O_RDONLY)
            status = try FileStatus(of: file)
            bytes = try file.readAll(limit: 16_384)
        } catch { throw Refusal(.input, "cannot read \(name.terminalSafe): \(error.errno)", next: "check the name") }
        if isSecret, status.isRegular, status.mode & 0o077 != 0 {
            throw Refusal(
                .consent, "others can read \(name.terminalSafe) (mode 0\(String(status.mode & 0o777, radix: 8)))",
                next: "`chmod 600`, and a new key if somebody may have read it")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a gateway checks tokens with.
    static func identityKey(_ name: String) throws(Refusal) -> IdentityKey {
        let text = try read(name, isSecret: false)
        guard let key = IdentityKey(pem: text) else {
            let isPrivate = IssuingKey(pem: text) != nil
            throw Refusal(
                .malformed,
                "\(name.terminalSafe) holds \(isPrivate ? "a private key: a gateway gets the public one" : "no key")",
                next: isPrivate ? "name the file that ends in .pub" : "`agentbound identity keygen`")
        }
        // Whoever holds an HMAC key can issue tokens.
        if case .hmacSHA256 = key { _ = try read(name, isSecret: true) }
        return key
    }

    static func create(_ name: String, _ text: String, mode: mode_t) throws(Refusal) {
        do throws(SyscallError) {
            let file = try OwnedDescriptor.open(
                FilePath(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try file.writeAll(Array(text.utf8))
        } catch {
            throw Refusal(
                .output, "cannot make \(name.terminalSafe): \(error.errno)",
                next: error.errno == .fileExists ? "keys are never written over: name another file" : "check the folder"
            )
        }
    }
}
