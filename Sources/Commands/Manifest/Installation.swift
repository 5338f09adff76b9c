import Glibc
import LinuxSystem
import SystemPackage

/// What lies beside the executable: below the prefix that it was installed to, or in the source tree that it was built in.
enum Installation {
    /// Where one of its folders may be, in this order.
    /// - Parameters:
    ///   - installed: Below the prefix: `share/agentbound/manifests`.
    ///   - source: In the source tree: `manifests`.
    static func folders(_ installed: String, source: String, executable: FilePath? = executable()) -> [FilePath] {
        guard let bin = executable?.parent else { return [] }
        let first = bin.parent.appending(installed)
        // Only from a build folder upwards: above an installed program others may put a folder of that name.
        var folder = bin
        while let name = folder.lastComponent {
            folder.moveUp()
            if name.string.hasPrefix(".build") { return [first, folder.appending(source)] }
        }
        return [first]
    }

    /// This program's own file.
    static func executable() -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        // The buffer is ours for the length of the call; readlink(2) writes no NUL, so its length is what counts.
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return nil }
        return FilePath(String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    static func exists(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) == 0 }  // the string lives as long as the call
    }

    /// `text` with each `docs/PAGE.md` in it written as the path of that page, where the page is on this machine.
    static func naming(pagesOf text: String, in folders: @autoclosure () -> [FilePath] = pages()) -> String {
        guard text.contains("docs/") else { return text }
        let folders = folders()
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard let start = word.firstRange(of: "docs/"), let end = word.firstRange(of: ".md") else {
                return String(word)
            }
            let name = String(word[start.upperBound..<end.upperBound])
            guard let page = folders.lazy.map({ $0.appending(name) }).first(where: exists) else { return String(word) }
            return word[..<start.lowerBound] + page.string + word[end.upperBound...]
        }.joined(separator: " ")
    }

    private static func pages() -> [FilePath] { folders("share/doc/agentbound", source: "docs") }
}
