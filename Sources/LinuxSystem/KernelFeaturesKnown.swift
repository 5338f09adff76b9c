/// Kernels that people have, described for plans and their tests.
extension KernelFeatures {
    /// Debian 12: Landlock without truncation, TCP, device and scope rights.
    public static let debian12 = KernelFeatures(
        release: "6.1.0-28-amd64", machine: "x86_64", landlockABI: 2, userNotification: true, waitKillable: true,
        pidfdGetfd: true, namespaces: .available, ptraceScope: 0)

    /// Ubuntu 24.04: an unconfined program may make a user namespace, but gets no rights in it.
    public static let ubuntu2404 = KernelFeatures(
        release: "6.8.0-51-generic", machine: "x86_64", landlockABI: 4, userNotification: true, waitKillable: true,
        pidfdGetfd: true, namespaces: .refused("kernel.apparmor_restrict_unprivileged_userns is 1"), ptraceScope: 1)

    /// A container with the usual profile on a 6.8 host: no namespaces, a masked /proc, no pidfd_getfd.
    public static let container = KernelFeatures(
        release: "6.8.0-51-generic", machine: "x86_64", landlockABI: 4, userNotification: true, waitKillable: true,
        pidfdGetfd: false, namespaces: .refused("unshare: Operation not permitted"), ptraceScope: 1)

    /// Linux 6.18 with everything that a box can use.
    public static let linux618 = KernelFeatures(
        release: "6.18.44", machine: "x86_64", landlockABI: 7, userNotification: true, waitKillable: true,
        pidfdGetfd: true, namespaces: .available, ptraceScope: 0)
}
