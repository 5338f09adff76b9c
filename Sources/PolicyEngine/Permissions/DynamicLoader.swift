public import SystemPackage

/// The C libraries' dynamic loaders, which can be started like a program, with a file to load: on a list of programs one
/// stands for every file that can be read. ld.so(8)
public enum DynamicLoader {
    /// Whether a file is one, or a link to one, by its name: `ld-linux-x86-64.so.2`, `ld-2.31.so`, musl's `libc.so`.
    public static func isNamed(_ path: FilePath) -> Bool {
        let name = path.lastComponent?.string ?? ""
        let isLoader = name.hasPrefix("ld.so") || name.hasPrefix("ld64.so")
        return isLoader || (name.hasPrefix("ld-") && name.contains(".so")) || name.hasPrefix("libc.")
    }
}
