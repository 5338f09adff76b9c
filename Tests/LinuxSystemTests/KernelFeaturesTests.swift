import Testing

@testable import LinuxSystem

@Suite struct KernelFeaturesTests {
    @Test(
        "A setting refuses namespaces for whom it binds, and is named",
        arguments: [
            (NamespaceSettings(), NamespaceSupport.unknown),  // no setting at all: an old or a custom kernel
            (NamespaceSettings(maximum: 15000, unprivilegedClone: 1, appArmorRestricts: 0), .unknown),
            (NamespaceSettings(maximum: 0), .refused("user.max_user_namespaces is 0")),
            (NamespaceSettings(isRoot: true, maximum: 0), .refused("user.max_user_namespaces is 0")),  // root too
            (NamespaceSettings(unprivilegedClone: 0), .refused("kernel.unprivileged_userns_clone is 0")),
            (NamespaceSettings(isRoot: true, unprivilegedClone: 0), .unknown),  // it is about ordinary users
            (NamespaceSettings(appArmorRestricts: 1), .refused("kernel.apparmor_restrict_unprivileged_userns is 1")),
            (
                NamespaceSettings(appArmorRestricts: 1, appArmorLabel: "unconfined"),
                .refused("kernel.apparmor_restrict_unprivileged_userns is 1")
            ),
            // own profile
            (NamespaceSettings(appArmorRestricts: 1, appArmorLabel: "agentbound (unconfined)"), .unknown),
            (NamespaceSettings(isRoot: true, appArmorRestricts: 1), .unknown),
        ])
    func settings(settings: NamespaceSettings, verdict: NamespaceSupport) {
        #expect(settings.verdict == verdict)
    }

    @Test("A refusal by a setting is not tried again")
    func refusedStaysRefused() {
        #expect(NamespaceSettings.trial(after: .refused("a setting")) == .refused("a setting"))
    }

    @Test("This kernel has a name, and the quick probe agrees with the full one except for the trial of namespaces")
    func thisKernel() {
        let quick = KernelFeatures.current(quick: true)
        let full = KernelFeatures.current(quick: false)
        #expect(!quick.release.isEmpty)
        #expect(["x86_64", "aarch64"].contains(quick.machine))
        #expect(quick.namespaces != .available)  // nobody tried
        #expect(full.namespaces != .unknown)
        var same = quick
        same.namespaces = full.namespaces
        #expect(same == full)
    }

    @Test(
        "A setting that is missing or no number has no value", arguments: ["kernel/no_such_setting", "kernel/ostype"])
    func oddSettings(name: String) {
        #expect(kernelSetting(name) == nil)
    }
}
