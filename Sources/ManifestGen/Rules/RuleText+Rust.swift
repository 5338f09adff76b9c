extension RuleText {
    static let rust = [rustStandard, rustMCP, rustLibraries].joined(separator: "\n")

    /// The standard library and those that copy it for asynchronous code. Source: doc.rust-lang.org/std, docs.rs/tokio.
    private static let rustStandard = """
        {tokio,async_std,smol,fs_err,fs_err.tokio}.fs = std.fs
        {fs_err,fs_err.tokio} = std.fs
        {tokio,async_std,async_process,smol}.process = std.process
        {tokio,async_std,smol}.net = std.net
        async_fs = std.fs
        async_process = std.process
        {std.path.PathBuf,camino.Utf8Path,camino.Utf8PathBuf,async_std.path.Path,async_std.path.PathBuf} = std.path.Path
        std.path.Path.{new,from}() = std.path.Path()
        std.path.Path().{join(),parent(),with_extension(),with_file_name(),canonicalize(),to_path_buf(),as_path(),strip_prefix()} = std.path.Path()
        std.env.{current_dir(),temp_dir(),home_dir(),current_exe()} = std.path.Path()
        dirs.{home_dir(),config_dir(),data_dir(),cache_dir(),data_local_dir(),download_dir(),document_dir()} = std.path.Path()
        std.fs.File.{open(),create(),create_new(),options().open()} = std.fs.File()
        std.fs.File.options() = std.fs.OpenOptions()
        std.fs.OpenOptions().{read(),write(),append(),create(),create_new(),truncate(),mode()} = std.fs.OpenOptions()
        std.fs.OpenOptions().open() = std.fs.File()
        std.fs.DirBuilder().recursive() = std.fs.DirBuilder()
        std.process.Command().{arg(),args(),env(),envs(),env_clear(),current_dir(),stdin(),stdout(),stderr(),kill_on_drop(),env_remove()} = std.process.Command()
        std.process.Command().spawn() = std.process.Child()
        // Files
        std.fs.{read,read_to_string,read_dir,metadata,symlink_metadata,canonicalize,exists,try_exists,read_link} std.fs.File.open | read | reads files or folders | path=0
        std.path.Path().{exists,is_file,is_dir,is_symlink,metadata,symlink_metadata,canonicalize,read_dir,read_link,try_exists} ?.{symlink_metadata,read_dir,try_exists} | read | reads files or folders
        ?.{is_file,is_dir,canonicalize} | read | reads files or folders | medium
        std.fs.File().{metadata} | read | reads a file's data
        std.fs.OpenOptions().read | read | opens a file for reading
        include_str include_bytes | none | is part of the program
        std.fs.{write,create_dir,create_dir_all,set_permissions,hard_link,soft_link} std.fs.File.{create,create_new} std.fs.DirBuilder().create std.os.unix.fs.{symlink,chown,PermissionsExt.set_mode} std.os.windows.fs.{symlink_file,symlink_dir} | write | creates or changes files | path=0
        std.fs.OpenOptions().{write,append,create,create_new,truncate} | write | opens a file for writing
        std.fs.File().set_len | write | changes a file
        std.fs.copy | read,write | copies a file | path=0
        std.fs.{remove_file,remove_dir,remove_dir_all} | delete | removes files | path=0
        std.fs.rename | delete,write | renames or moves a file | path=0
        std.fs.File.{open_buffered} | read | opens a file for reading | path=0
        std.fs.File.create_buffered std.os.unix.fs.{lchown,fchown,chroot} | write | creates or changes files | path=0
        std.net.windows.named_pipe.ServerOptions.** | server | listens for connections
        std.net.windows.named_pipe.ClientOptions.** std.net.TcpSocket().connect | client | connects to a program | host=0
        // Network
        std.net.{TcpStream,UdpSocket,UnixStream}.connect std.os.unix.net.UnixStream.connect std.net.{TcpStream}.connect_timeout | client | connects to a host | host=0
        std.net.{lookup_host,ToSocketAddrs.to_socket_addrs} ?.to_socket_addrs | client | looks up a name
        std.net.UdpSocket().{connect,send_to} | client | sends packets
        std.net.{TcpListener,UnixListener,UdpSocket,TcpSocket}.bind std.os.unix.net.UnixListener.bind | server | listens for connections
        // Programs
        std.process.Command.new | exec | starts a program | program=0
        std.process.Command.from | exec | starts a program
        std.process.{exit,abort,id,ExitCode,Stdio} | none | is about itself
        libc.{kill} nix.sys.signal.{kill,killpg} nix.sys.ptrace.* rustix.process.kill_process | process | signals a process
        libc.{execv,execve,execvp,system,fork,posix_spawn} nix.unistd.{execv,execve,execvp,fork} | exec | starts a program
        // Environment
        std.env.{var,var_os} | env | reads an environment variable | env=0
        std.env.{vars,vars_os} | env | reads environment variables
        std.env.{set_var,remove_var} | setenv | changes environment variables
        std.env.{home_dir,temp_dir} dirs.{home_dir,config_dir} | env | asks where folders are | low
        """

    /// The MCP SDKs. `stdio()` needs nothing.
    private static let rustMCP = """
        rmcp.transport.{sse_server,streamable_http_server}.** rmcp.transport.{SseServer,StreamableHttpService,StreamableHttpServerConfig}.** | server | serves MCP over HTTP
        rmcp.transport.{SseClientTransport,StreamableHttpClientTransport,sse_client,streamable_http_client}.** | client | talks to another MCP server
        rmcp.transport.{TokioChildProcess,child_process}.** | exec | starts another MCP server
        rust_mcp_sdk.mcp_server.{hyper_server,HyperServer,HyperServerOptions,hyper_server_core}.** rust_mcp_sdk.{HyperServer,HyperServerOptions}.** | server | serves MCP over HTTP
        mcp_core.transport.{ServerSseTransport,ServerHttpTransport,ServerHttpTransportTrait}.** async_mcp.transport.{ServerSseTransport,ServerWsTransport}.** mcpr.transport.sse.SSEServerTransport.** pmcp.server.{streamable_http_server,StreamableHttpServer}.** poem_mcpserver.{streamable_http,sse}.** mcp_protocol_sdk.transport.http.HttpServerTransport.** | server | serves MCP over HTTP
        async_mcp.transport.{ClientSseTransport,ClientWsTransport}.** mcp_core.transport.{ClientSseTransport,ClientSseTransportBuilder}.** mcpr.transport.sse.SSETransport.** | client | talks to another MCP server
        mcp_core.transport.ClientStdioTransport.** async_mcp.transport.ClientStdioTransport.** rust_mcp_sdk.StdioTransport.create_with_server_launch | exec | starts another MCP server
        rust_mcp_sdk.{ClientSseTransport,StreamableTransportOptions}.** | client | talks to another MCP server
        ?.{run_http,run_http_with_middleware,run_websocket,run_tcp,run_unix} | server | serves MCP over the network | imports=turbomcp
        mcp_server.router.** | none | only routes
        """
}
