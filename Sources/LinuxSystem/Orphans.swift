internal import CLinuxShims
internal import Glibc
internal import SystemPackage

/// What a program leaves running when it ends, for a launcher without a namespace to end it with.
public enum Orphans {
    /// From now on descendants that lose their parent become this process's children. PR_SET_CHILD_SUBREAPER(2const)
    public static func adopt() { _ = ab_become_subreaper() }

    /// Kills and reaps every child of this process, and those that they leave behind, until there is none.
    /// - Returns: How many there were.
    @discardableResult
    public static func endAll() -> Int {
        var ended = 0
        // Each round ends what was there; a program that forks without end is caught by a later one.
        for _ in 0..<10_000 {
            let children = children()
            if children.isEmpty { return ended }
            for child in children { kill(child, SIGKILL) }
            for child in children where waitpid(child, nil, waitAll) == child { ended += 1 }
        }
        return ended
    }

    /// Of all threads. proc_tid_children(5)
    private static func children() -> [CInt] {
        var found: [CInt] = []
        for thread in FolderCalls.list("/proc/self/task") ?? [] {
            let text = (try? readFile(FilePath("/proc/self/task/\(thread.name)/children"))) ?? []
            found += text.split(separator: UInt8(ascii: " ")).compactMap { CInt(String(decoding: $0, as: UTF8.self)) }
        }
        return found
    }
}
