import Glibc
import LinuxSystem
import SystemPackage

/// Follows symbolic links as the kernel does, also where the end of the path does not exist yet.
enum LinkWalk {
    /// Source: MAXSYMLINKS of path_resolution(7).
    private static let mostLinks = 40
    private static let mostParts = 4_096

    /// - Parameter path: Absolute; `..` goes up from where a link leads.
    /// - Returns: The real path of what is there, and the rest as written; `nil` when that cannot be told.
    static func resolve(_ path: String) -> String? {
        var rest = Array(Self.parts(of: path).reversed())
        var done: [String] = []
        var links = 0
        var parts = 0
        // How many of the last parts are not there: nothing below them can be.
        var missing = 0
        while let part = rest.popLast() {
            parts += 1
            if parts > mostParts { return nil }
            if part == "." { continue }
            if part == ".." {
                _ = done.popLast()
                missing = max(missing - 1, 0)
                continue
            }
            if missing > 0 {
                done.append(part)
                missing += 1
                continue
            }
            let here = "/" + (done + [part]).joined(separator: "/")
            switch target(of: here) {
            case .success(let target):
                links += 1
                if links > mostLinks { return nil }
                if target.utf8.first == UInt8(ascii: "/") { done = [] }
                rest += Self.parts(of: target).reversed()
            case .failure(let reason):
                guard [.invalidArgument, .noSuchFileOrDirectory, .notDirectory].contains(reason) else { return nil }
                done.append(part)
                if reason != .invalidArgument { missing = 1 }
            }
        }
        return "/" + done.joined(separator: "/")
    }

    /// By bytes, as the kernel: to a `Character`, a slash with an accent on it is no slash.
    private static func parts(of path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// Where a link leads; EINVAL when it is none, EILSEQ when it is no text: what that names could not be asked for again.
    private static func target(of path: String) -> Result<String, Errno> {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        // The buffer is ours for the length of the call; readlink(2) writes no NUL, so its length is what counts.
        let length = unsafe readlink(path, &buffer, buffer.count)
        if length < 0 { return .failure(Errno(rawValue: errno)) }
        let bytes = buffer.prefix(length).map { UInt8(bitPattern: $0) }
        return String(validating: bytes, as: UTF8.self).map { .success($0) } ?? .failure(.illegalByteSequence)
    }
}
