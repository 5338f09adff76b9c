// swift-tools-version: 6.2
// What reads bytes that a server, a name server or a package's author wrote, under libFuzzer. scripts/fuzz.sh builds it, with
// the sanitizers that libFuzzer needs.
import PackageDescription

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "agentbound", path: "..")],
    targets: [
        .systemLibrary(name: "CFuzzer"),
        .executableTarget(
            name: "Decoders",
            dependencies: ["CFuzzer"]
                + [
                    "AgentBox", "LinuxSystem", "MCPGateway", "ManifestGen", "ManifestModel", "PolicyEngine",
                    "StrictJSON",
                ].map {
                    .product(name: $0, package: "agentbound")
                },
            // gold, the toolchain's choice, gives up on what the sanitizers bring.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
    ]
)
