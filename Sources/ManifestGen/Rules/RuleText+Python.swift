extension RuleText {
    static let python = [pythonStandard, pythonMCP, pythonLibraries].joined(separator: "\n")

    /// The standard library. Source: docs.python.org, version 3.13.
    private static let pythonStandard = """
        pathlib.Path.{cwd,home} = pathlib.Path()
        pathlib.{PosixPath,WindowsPath} = pathlib.Path
        pathlib.Path().{parent,resolve(),absolute(),expanduser(),joinpath(),with_suffix(),with_name(),with_stem(),relative_to(),rename(),replace(),readlink()} = pathlib.Path()
        pathlib.Path.{cwd(),home()} = pathlib.Path()
        pathlib.Path().{iterdir(),glob(),rglob(),parents}[] = pathlib.Path()
        anyio.Path = pathlib.Path
        aiofiles.os = os
        asyncio.subprocess.create_subprocess_exec = asyncio.create_subprocess_exec
        os.path.expandvars = os.environ
        // Files
        {#,io.,codecs.,gzip.,bz2.,lzma.,aiofiles.,anyio.,aiofile.}open anyio.open_file | read | opens a file for reading | path=0/file lacks=1/mode:w,a,x,+ called
        {#,io.,codecs.,gzip.,bz2.,lzma.,aiofiles.,anyio.,aiofile.}open anyio.open_file | write | opens a file for writing | path=0/file has=1/mode:w,a,x,+ called
        aiofile.{async_open,AIOFile} | read | opens a file for reading | path=0 lacks=1/mode:w,a,x,+
        aiofile.{async_open,AIOFile} | write | opens a file for writing | path=0 has=1/mode:w,a,x,+
        {pathlib.Path(),?}.open | read | opens a file for reading | lacks=0/mode:w,a,x,+ imports=pathlib called
        {pathlib.Path(),?}.open | write | opens a file for writing | has=0/mode:w,a,x,+ imports=pathlib called
        tarfile.{open,TarFile} zipfile.{ZipFile,PyZipFile} | read | opens an archive | path=0 lacks=1/mode:w,a,x
        tarfile.{open,TarFile} zipfile.{ZipFile,PyZipFile} | write | writes an archive | path=0 has=1/mode:w,a,x
        tarfile.open().{extractall,extract} zipfile.ZipFile().{extractall,extract} ?.extractall | write | unpacks an archive
        os.{open,read,pread} | read | reads a file | path=0
        os.path.{exists,isfile,isdir} | read | asks whether a file is there | path=0 check
        os.{listdir,scandir,walk,stat,lstat,access,readlink,fwalk,getxattr,listxattr,statvfs} os.path.{getsize,getmtime,getctime,getatime,islink,lexists,samefile,ismount} glob.{glob,iglob} filecmp.* os.path.{isjunction,isdevdrive} linecache.* fileinput.* tokenize.open mimetypes.read_mime_types dircache.* | read | reads files or folders | path=0
        pathlib.Path().{read_text,read_bytes,iterdir,glob,rglob,exists,is_file,is_dir,stat,lstat,walk,samefile,owner,group,is_symlink} | read | reads files or folders
        pathlib.Path().{is_mount,is_socket,is_fifo,is_block_device,is_char_device,is_junction} zipfile.Path | read | reads files or folders
        ?.{read_text,read_bytes,iterdir,rglob} | read | reads files or folders | imports=pathlib
        ?.{is_file,is_dir} | read | reads files or folders | imports=pathlib medium
        importlib.resources.{files,open_text,open_binary,read_text,read_binary,path,contents} pkgutil.get_data pkg_resources.{resource_string,resource_filename,resource_stream,resource_listdir} | read | reads a file of the package
        configparser.{ConfigParser,RawConfigParser,SafeConfigParser}().read | read | reads a file of settings | path=0
        logging.config.fileConfig | read | reads a file of settings | path=0
        ssl.SSLContext().load_cert_chain ssl.create_default_context().load_cert_chain | read | reads a certificate
        ?.load_verify_locations netrc.netrc runpy.run_path importlib.util.spec_from_file_location | read | reads a file | medium
        {gzip.GzipFile,bz2.BZ2File,lzma.LZMAFile} | read | opens a file for reading | path=0/filename lacks=1/mode:w,a,x
        {gzip.GzipFile,bz2.BZ2File,lzma.LZMAFile} | write | opens a file for writing | path=0/filename has=1/mode:w,a,x
        shelve.open dbm.* | read,write | keeps data in a file | path=0
        sqlite3.connect aiosqlite.connect | read,write | keeps data in a file | path=0/database not=0/database::memory:
        zipapp.create_archive py_compile.* compileall.* shutil.chown os.{lchmod,lchown,chflags,lchflags,removexattr,mkdir,makedirs,chmod,chown,symlink,link,truncate,utime,mkfifo,mknod,setxattr} | write | creates or changes files | path=0
        os.open | write | opens a file for writing | has=1/flags:O_WRONLY,O_RDWR,O_CREAT,O_APPEND
        pathlib.Path().{lchmod,copy,copy_into,write_text,write_bytes,mkdir,touch,chmod,symlink_to,hardlink_to,link_to} ?.{write_text,write_bytes,symlink_to} | write | creates or changes files
        ?.mkdir | write | creates a folder | imports=pathlib
        ?.touch | write | creates a file | imports=pathlib medium
        shutil.{copy,copy2,copyfile,copytree,copyfileobj,copymode,copystat,make_archive,unpack_archive} | read,write | copies files | path=0
        shutil.copyfileobj | none | copies between open files
        shutil.disk_usage | read | looks at files | low
        shutil.which | read | looks for a program | lookup=0 low
        os.getenv os.environ.get | none | takes what is given when nothing is set | lookup=1/default
        tempfile.{NamedTemporaryFile,TemporaryFile,mkstemp,mkdtemp,TemporaryDirectory,SpooledTemporaryFile} aiofiles.tempfile.* | write | creates temporary files
        logging.FileHandler logging.handlers.{RotatingFileHandler,TimedRotatingFileHandler,WatchedFileHandler} | write | writes a log file | path=0
        logging.basicConfig | write | writes a log file | path=9/filename not=9/filename:-
        os.{remove,unlink,rmdir,removedirs} shutil.rmtree | delete | removes files | path=0
        pathlib.Path().{unlink,rmdir} ?.unlink | delete | removes files
        ?.rmdir | delete | removes a folder
        os.{rename,renames,replace} shutil.move | delete,write | renames or moves a file | path=0
        pathlib.Path().{rename,replace,move,move_into} | delete,write | renames a file
        // Network
        socket.{socket,create_connection} | client | connects to a host | host=0
        socket.{getaddrinfo,gethostbyname,gethostbyname_ex,gethostbyaddr} | client | looks up a name | host=0
        socket.{gethostname,inet_aton,inet_ntoa,inet_pton,AF_INET,SOCK_STREAM,error,timeout,gaierror} | none | makes no connection
        socket.socket().{bind,listen} socket.create_server | server | listens for connections
        socketserver.** http.server.{HTTPServer,ThreadingHTTPServer,BaseHTTPRequestHandler,SimpleHTTPRequestHandler} wsgiref.simple_server.make_server xmlrpc.server.** asyncio.{start_server,start_unix_server} | server | listens for connections
        http.server.{BaseHTTPRequestHandler,SimpleHTTPRequestHandler} | none | answers requests of a server
        ?.create_server | server | listens for connections | imports=asyncio medium
        urllib.request.{urlopen,urlretrieve,Request,build_opener,OpenerDirector} http.client.{HTTPConnection,HTTPSConnection} ftplib.** smtplib.** poplib.** imaplib.** nntplib.** telnetlib.** xmlrpc.client.** asyncio.{open_connection,open_unix_connection} urllib.robotparser.** multiprocessing.connection.Client ssl.get_server_certificate logging.handlers.{SocketHandler,DatagramHandler,HTTPHandler,SMTPHandler} urllib.request.{URLopener,FancyURLopener} | client | talks to other hosts | host=0
        ?.{create_connection,create_unix_connection} | client | connects to a host | imports=asyncio medium
        multiprocessing.connection.Listener wsgiref.simple_server.WSGIServer asyncore.** smtpd.** | server | listens for connections
        urllib.request.urlretrieve | write | downloads to a file
        smtplib.{SMTPException,SMTPAuthenticationError} | none | makes no connection
        // Programs
        subprocess.{run,call,check_call,check_output,Popen} | exec | starts a program | program=0/args
        subprocess.{getoutput,getstatusoutput} os.{system,popen} commands.getoutput | exec | starts a shell command | shell=0
        asyncio.create_subprocess_exec anyio.{run_process,open_process} trio.run_process | exec | starts a program | program=0
        asyncio.create_subprocess_shell | exec | starts a shell command | shell=0
        os.{execv,execve,execvp,execvpe,execl,execle,execlp,execlpe,spawnv,spawnve,spawnvp,spawnvpe,spawnl,spawnle,spawnlp,spawnlpe,posix_spawn,posix_spawnp,startfile} pty.{spawn,fork} | exec | starts a program | program=0
        os.fork | exec | starts a process | low
        webbrowser.{open,open_new,open_new_tab,get} | exec | opens a browser | host=0
        multiprocessing.{Process,Pool} concurrent.futures.ProcessPoolExecutor | exec | starts worker processes | low
        ?.{create_subprocess_exec,create_subprocess_shell,subprocess_exec,subprocess_shell} | exec | starts a program
        os.{pidfd_open,sched_setaffinity} signal.pidfd_send_signal | process | signals a process
        os.{kill,killpg} | process | signals a process | medium
        // Environment
        os.environ os.environb | env | reads environment variables
        os.{getenv,getenvb,environ.get,environ.copy,environ.items,environ.keys} | env | reads an environment variable | env=0
        os.environ.pop | env | reads an environment variable | env=0
        os.environ[] | env | reads an environment variable | env=0
        os.environ[] | setenv | sets an environment variable | assigned
        os.environ.{setdefault,update,pop,clear} os.{putenv,unsetenv} | setenv | changes environment variables
        os.environ[] | setenv | removes an environment variable | removed
        // Desktop and devices
        ossaudiodev.** | speaker | plays sound
        // Code from text
        #{eval,exec,compile} | none | runs text as code | code=0 called
        ctypes.{CDLL,cdll.LoadLibrary,WinDLL} cffi.FFI | none | loads native code | code=0
        """

    /// The MCP SDKs. `run()` of FastMCP alone is stdio.
    private static let pythonMCP = """
        {mcp.server.fastmcp,fastmcp,mcp.server.fastmcp.server,fastmcp.server}.FastMCP().run | server | serves MCP over HTTP | not=0/transport:stdio
        {mcp.server.fastmcp,fastmcp,mcp.server.fastmcp.server,fastmcp.server}.FastMCP().run_async | server | serves MCP over HTTP | not=0/transport:stdio
        ?.{run_async} | server | serves MCP over HTTP | not=0/transport:stdio
        ?.run | server | serves MCP over HTTP | not=9/transport:stdio
        {mcp.server.fastmcp,fastmcp}.FastMCP().{run_sse_async,run_streamable_http_async,run_http_async,sse_app,streamable_http_app,http_app} | server | serves MCP over HTTP
        ?.{run_sse_async,run_streamable_http_async,run_http_async,sse_app,streamable_http_app} | server | serves MCP over HTTP
        mcp.server.sse.SseServerTransport mcp.server.streamable_http.StreamableHTTPServerTransport mcp.server.streamable_http_manager.StreamableHTTPSessionManager mcp.server.websocket.websocket_server fastmcp.server.http.** | server | serves MCP over HTTP
        mcp.client.sse.sse_client mcp.client.streamable_http.{streamablehttp_client,streamable_http_client} mcp.client.websocket.websocket_client | client | talks to another MCP server | host=0
        mcp.client.stdio.stdio_client mcp.StdioServerParameters mcp.stdio_client | exec | starts another MCP server
        fastmcp.Client fastmcp.client.** | client | talks to another MCP server
        """
}
