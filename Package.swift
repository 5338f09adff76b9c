// swift-tools-version: 6.2
import PackageDescription

/// Settings that every Swift target shares; see docs/architecture.md.
let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Kernel headers hide some names without it.
let c: [CSetting] = [.define("_GNU_SOURCE")]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "agentbound",
    products: [
        .executable(name: "agentbound", targets: ["agentbound"]),
        .library(name: "ManifestModel", targets: ["ManifestModel"]),
        .library(name: "PolicyEngine", targets: ["PolicyEngine"]),
        .library(name: "AgentBox", targets: ["AgentBox"]),
        .library(name: "AuditTrail", targets: ["AuditTrail"]),
        .library(name: "LinuxSystem", targets: ["LinuxSystem"]),
        .library(name: "ManifestGen", targets: ["ManifestGen"]),
        .library(name: "MCPGateway", targets: ["MCPGateway"]),
        .library(name: "StrictJSON", targets: ["StrictJSON"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(name: "agentbound", dependencies: ["Commands"], swiftSettings: swift),
        .target(
            name: "Commands",
            dependencies: [
                "AgentBox", "AuditIndex", "AuditTrail", "GrantStore", "LinuxSystem", "MCPGateway", "ManifestGen",
                "ManifestModel", "PolicyEngine", "SecretText", "Signatures", "StrictJSON", "YAMLText", arguments,
                system,
            ], swiftSettings: swift),
        .target(
            name: "AgentBox",
            dependencies: ["AuditTrail", "LinuxSystem", "ManifestModel", "PolicyEngine", "StrictJSON", system],
            swiftSettings: swift),
        .target(
            name: "MCPGateway",
            dependencies: ["AuditTrail", "LinuxSystem", "PolicyEngine", "StrictJSON", system], swiftSettings: swift),
        .target(
            name: "PolicyEngine",
            dependencies: [
                "CByteClasses", "LinearRegex", "ManifestModel", "SecretText", "Signatures", "StrictJSON", system,
            ],
            swiftSettings: swift),
        .target(
            name: "GrantStore", dependencies: ["AuditTrail", "LinuxSystem", "Signatures", "StrictJSON", system],
            swiftSettings: swift),
        .target(name: "SecretText", swiftSettings: swift),
        .target(name: "CByteClasses"),
        .target(name: "LinearRegex", dependencies: ["CRE2"], swiftSettings: swift),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .target(
            name: "ManifestGen", dependencies: ["LinuxSystem", "ManifestModel", "StrictJSON", "CZlib", system],
            swiftSettings: swift),
        .target(name: "ManifestModel", dependencies: ["StrictJSON"], swiftSettings: swift),
        .target(
            name: "AuditTrail", dependencies: ["LinuxSystem", "SecretText", "Signatures", "StrictJSON", system],
            swiftSettings: swift),
        .target(
            name: "AuditIndex", dependencies: ["AuditTrail", "CSQLite", "LinuxSystem", "StrictJSON", system],
            swiftSettings: swift),
        .target(name: "Signatures", dependencies: ["CNettle", "CSodium"], swiftSettings: swift),
        .target(name: "StrictJSON", swiftSettings: swift),
        .target(name: "YAMLText", dependencies: ["CYAML"], swiftSettings: swift),
        .target(
            name: "LinuxSystem", dependencies: ["CChildLaunch", "CLinuxShims", "CSeccomp", "CCap", system],
            swiftSettings: swift),
        .target(name: "CChildLaunch", dependencies: ["CLinuxShims"], cSettings: c),
        .target(name: "CLinuxShims", cSettings: c),
        .systemLibrary(name: "CSeccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CCap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
        .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swift),
        .executableTarget(
            name: "AblationRunner", dependencies: ["AgentBox", "Commands"], path: "Tests/AblationRunner",
            swiftSettings: swift),
        .executableTarget(
            name: "GrantRunner", dependencies: ["GrantStore", system], path: "Tests/GrantRunner", swiftSettings: swift),
        .executableTarget(name: "Victim", path: "Tests/Victim", cSettings: c),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "TestSupport"], swiftSettings: swift),
        .testTarget(name: "LinearRegexTests", dependencies: ["LinearRegex"], swiftSettings: swift),
        .testTarget(
            name: "MCPGatewayTests",
            dependencies: ["MCPGateway", "AuditTrail", "PolicyEngine", "StrictJSON", "TestSupport", system],
            swiftSettings: swift),
        .testTarget(name: "YAMLTextTests", dependencies: ["TestSupport", "YAMLText"], swiftSettings: swift),
        .testTarget(
            name: "ManifestModelTests", dependencies: ["ManifestModel", "StrictJSON", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "ManifestGenTests",
            dependencies: ["ManifestGen", "LinuxSystem", "ManifestModel", "StrictJSON", "TestSupport", system],
            swiftSettings: swift),
        .testTarget(
            name: "PolicyEngineTests",
            dependencies: [
                "PolicyEngine", "ManifestModel", "SecretText", "Signatures", "StrictJSON", "TestSupport", system,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "GrantStoreTests",
            dependencies: [
                "GrantStore", "GrantRunner", "AuditTrail", "Signatures", "StrictJSON", "TestSupport", system,
            ],
            swiftSettings: swift),
        .testTarget(name: "SecretTextTests", dependencies: ["SecretText", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "AuditTrailTests",
            dependencies: [
                "AuditTrail", "LinuxSystem", "SecretText", "Signatures", "StrictJSON", "TestSupport", system,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "AuditIndexTests", dependencies: ["AuditIndex", "AuditTrail", "LinuxSystem", "StrictJSON", system],
            swiftSettings: swift),
        .testTarget(name: "SignaturesTests", dependencies: ["Signatures", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "AgentBoxTests",
            dependencies: [
                "AgentBox", "PolicyEngine", "ManifestModel", "LinuxSystem", "TestSupport", "CSeccomp", system,
            ],
            exclude: ["Snapshots"], swiftSettings: swift),
        .testTarget(
            name: "LinuxSystemTests", dependencies: ["LinuxSystem", "TestSupport", system], swiftSettings: swift),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "AuditTrail", "AgentBox", "GrantStore", "LinuxSystem", "MCPGateway", "ManifestModel",
                "PolicyEngine", "Signatures", "StrictJSON", "TestSupport", system,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "agentbound", "AblationRunner", "Victim", "TestSupport", "AgentBox", "AuditTrail", "MCPGateway",
                "PolicyEngine", "ManifestModel", "LinuxSystem", "StrictJSON", system,
            ],
            swiftSettings: swift),
    ],
    cxxLanguageStandard: .cxx17
)
