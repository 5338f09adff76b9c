import ManifestModel
import Testing

@testable import ManifestGen

@Suite("C#")
struct CSharpTests {
    private func draft(_ code: String, also files: [String: String] = [:], project: String = MoreSnippet.project)
        -> Draft
    {
        MemoryTree(files.merging(["a.csproj": project, "Program.cs": code]) { first, _ in first }).draft
    }
    private func needs(_ code: String, also files: [String: String] = [:]) -> [String] {
        draft(code, also: files).manifest.permissions.map(\.shortName)
    }

    @Test("Names are found with and without using, by alias, static and in full")
    func usings() {
        #expect(needs("var t = File.ReadAllText(p);") == ["filesystem.read"])
        #expect(needs("using F = System.IO.File;\nF.Delete(p);") == ["filesystem.delete"])
        #expect(
            needs("using static System.Environment;\nvar h = GetEnvironmentVariable(\"X\");") == ["system.env.read"])
        #expect(needs("global::System.IO.File.Delete(p);") == ["filesystem.delete"])
        #expect(needs("Clipboard.SetText(x);") == [])
        #expect(
            needs("Clipboard.SetText(x);", also: ["U.cs": "global using System.Windows.Forms;"]) == ["clipboard.write"])
    }

    @Test("A type of the program is not the library's, wherever it is declared")
    func own() {
        #expect(
            needs(
                "File.Delete(p);",
                also: [
                    "Other.cs": "namespace A.B;\npublic static class File { public static void Delete(string p) {} }"
                ]) == [])
        #expect(needs("var p = new Process(); p.Start();", also: ["P.cs": "public record Process(int Id);"]) == [])
    }

    @Test("Values have the types of their declarations")
    func types() {
        #expect(needs("FileInfo f = Make(); f.Delete();") == ["filesystem.delete"])
        #expect(
            needs("class C(HttpClient http) { Task M() => http.GetAsync(\"https://a.example/b\"); }") == [
                "network.client"
            ])
        #expect(
            needs(
                "class C { private readonly HttpClient _h; C(HttpClient h) { _h = h; } void M() { _h.SendAsync(r).ConfigureAwait(false); } }"
            ) == ["network.client"])
        #expect(
            needs(
                "class C { IHttpClientFactory F { get; } async Task M() { using var c = F.CreateClient(\"a\"); await c.GetStringAsync(u); } }"
            ) == ["network.client"])
        #expect(needs("class C { void M(Thing t) { t.Delete(); } }") == [])
        #expect(needs("if (x is FileInfo f && f.Exists) { }") == ["filesystem.read"])
        #expect(needs("app.MapGet(\"/\", (FileInfo f) => f.Delete());") == ["filesystem.delete"])
    }

    @Test("Texts hold code only in their holes")
    func texts() {
        #expect(needs("var s = $\"{File.ReadAllText(p)} {{File.Delete(p)}}\";") == ["filesystem.read"])
        #expect(needs("var s = $$\"\"\"{File.Delete(p)} {{File.ReadAllText(p)}}\"\"\";") == ["filesystem.read"])
        #expect(needs("var s = @\"c:\\\"; File.Delete(s); var t = \"File.ReadAllText(p)\";") == ["filesystem.delete"])
        #expect(needs("#region Don't \"\nFile.Delete(p);\n#endregion") == ["filesystem.delete"])
        #expect(needs("var n = nameof(File.Delete); /* File.Delete(p) */") == [])
    }

    @Test("A started program is known by its name")
    func programs() {
        let found = draft(
            "using System.Diagnostics;\nvar p = new ProcessStartInfo { FileName = \"curl\", Arguments = a }; Process.Start(p);"
        )
        #expect(found.needed == [.exec, .networkClient])
        #expect(found.manifest.scopes[.allowedCommands] == ["curl"])
        #expect(
            draft(
                "using System.Diagnostics;\nvar p = new ProcessStartInfo(); p.FileName = \"git\"; p.UseShellExecute = false;"
            ).manifest.scopes[.allowedCommands] == ["git"])
    }

    @Test("Settings may come from the environment, unless they come from the command line alone")
    func settings() {
        #expect(
            needs("var b = Host.CreateApplicationBuilder(args); var k = b.Configuration[\"Key\"];") == [
                "system.env.read"
            ])
        #expect(needs("class C(IConfiguration c) { string K => c.GetValue<string>(\"Key\"); }") == ["system.env.read"])
        #expect(needs("var c = new ConfigurationBuilder().AddCommandLine(args).Build(); var k = c[\"Key\"];") == [])
    }

    @Test("A server over streams needs nothing, one over HTTP listens")
    func transports() {
        #expect(
            needs(
                "var b = Host.CreateApplicationBuilder(args);\nb.Services.AddMcpServer().WithStdioServerTransport();\nawait b.Build().RunAsync();"
            ) == [])
        #expect(
            needs("var b = WebApplication.CreateBuilder(args);\nvar app = b.Build();\napp.MapMcp();\napp.Run();") == [
                "network.server"
            ])
    }

    @Test("Tools are named by their attribute, or by their method")
    func tools() {
        let code = """
            [McpServerToolType]
            public static class T
            {
                [McpServerTool(Name = "first"), Description("a")]
                public static string One(string p) => File.ReadAllText(p);
                [McpServerTool, Description("b")]
                public static async Task<string> GetTheWeatherAsync(Helper h) { return await h.Run(); }
            }
            public class Helper { public Task<string> Run() { File.Delete("x"); return null; } }
            """
        let tools = draft(code).manifest.tools
        #expect(tools.map(\.name) == ["first", "get_the_weather"])
        #expect(tools.map(\.permissions) == [[.filesystemRead], [.filesystemDelete]])
    }

    @Test("What a project refers to is read with it, and what tests it is not")
    func projects() {
        let tree = MemoryTree([
            "a.sln": "",
            "src/Server/Server.csproj":
                "<Project Sdk=\"Microsoft.NET.Sdk\"><OutputType>Exe</OutputType><PackageReference Include=\"ModelContextProtocol\" /><ProjectReference Include=\"..\\Core\\Core.csproj\" /></Project>",
            "src/Server/Program.cs": "new Core().Run();",
            "src/Core/Core.csproj": "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>",
            "src/Core/Core.cs": "public class Core { public void Run() { File.Delete(\"x\"); } }",
            "src/Server.Tests/Server.Tests.csproj": "<Project><PackageReference Include=\"xunit\" /></Project>",
            "src/Server.Tests/T.cs": "class T { void M() { Process.Start(\"x\"); } }",
            "src/Server/obj/G.cs": "class G { void M() { Process.Start(\"x\"); } }",
        ])
        #expect(tree.needs == ["filesystem.delete"])
        #expect(tree.draft.files == 2)
    }

    @Test("A single file that dotnet runs is a program")
    func single() {
        let tree = MemoryTree([
            "server.cs": "#:package ModelContextProtocol@1.0.0\nFile.Delete(\"x\");",
            "other.cs": "Process.Start(\"x\");",
        ])
        #expect(tree.needs == ["filesystem.delete"])
    }

    @Test("A client from a package that no rule knows is one by its type's name")
    func clients() {
        let code = "using Acme.Api;\nvar c = new AcmeConnection(\"https://a.example\");\nawait c.Ask();"
        #expect(draft(code).needed == [.networkClient])
        #expect(draft(code).manifest.scopes[.allowedHosts] == ["a.example"])
        #expect(needs(code, also: ["A.cs": "class AcmeConnection { }"]) == [])
        #expect(needs("class C(IAcmeClient c) { Task M() => c.Ask(); }") == ["network.client"])
        #expect(needs("class C(IMcpClient c) { Task M() => c.Ask(); }") == [])
    }

    @Test("Databases, by the beginnings of their types' names")
    func databases() {
        #expect(needs("using Npgsql;\nawait using var c = new NpgsqlConnection(s);") == ["network.client"])
        #expect(needs("using Npgsql;\ntry { } catch (NpgsqlException e) { }") == [])
        #expect(
            needs(
                "using Microsoft.Data.Sqlite;\nusing var c = new SqliteConnection($\"Data Source={p};Mode=ReadOnly\");")
                == ["filesystem.read"])
        #expect(
            needs("using Microsoft.Data.Sqlite;\nusing var c = new SqliteConnection($\"Data Source={p}\");") == [
                "filesystem.read", "filesystem.write",
            ])
    }
}
