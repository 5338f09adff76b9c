// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "library-example",
    dependencies: [
        .package(name: "agentbound", path: "../.."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(
            name: "LibraryExample",
            dependencies: [
                .product(name: "ManifestModel", package: "agentbound"),
                .product(name: "PolicyEngine", package: "agentbound"),
                .product(name: "AgentBox", package: "agentbound"),
                .product(name: "AuditTrail", package: "agentbound"),
                .product(name: "LinuxSystem", package: "agentbound"),
                .product(name: "SystemPackage", package: "swift-system"),
            ])
    ]
)
