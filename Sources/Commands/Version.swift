import LinuxSystem

/// Which agentbound this is, and what the kernel under it can hold.
enum Version {
    static let number = "0.1.0"

    /// One line, for `--version` and for reports of problems.
    static func line(on kernel: KernelFeatures) -> String {
        let namespaces =
            switch kernel.namespaces {
            case .available: "namespaces"
            case .unknown: "namespaces not forbidden"
            case .refused: "no namespaces"
            }
        let parts = [
            kernel.landlockABI > 0 ? "Landlock ABI \(kernel.landlockABI)" : "no Landlock",
            kernel.userNotification ? "seccomp notifications" : "no seccomp notifications", namespaces,
        ]
        return "agentbound \(number) (Linux \(kernel.release) \(kernel.machine): \(parts.joined(separator: ", ")))"
    }
}
