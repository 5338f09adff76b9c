extension RuleText {
    static let go = [goStandard, goMCP, goLibraries].joined(separator: "\n")

    /// The standard library. Source: pkg.go.dev/std, version 1.24.
    private static let goStandard = """
        os#{Stdin,Stdout,Stderr} = os#File()
        os#{Open,Create,OpenFile,CreateTemp,NewFile}() = os#File()
        os#{DirFS,OpenRoot}() = os#Root()
        os/exec#{Command,CommandContext}() = os/exec#Cmd()
        net/http#{NewRequest,NewRequestWithContext}() = net/http#Request()
        net/http#NewServeMux() = net/http#ServeMux()
        os#{FindProcess,StartProcess}() = os#Process()
        os/exec#Cmd().Process = os#Process()
        // Files
        os#{Stat,Lstat} | read | asks about a file | path=0 check
        os#{Open,ReadFile,ReadDir,Readlink,DirFS} io/ioutil#{ReadFile,ReadDir} | read | reads files or folders | path=0
        os#OpenRoot | read,write | opens a folder | path=0
        os#OpenFile | read | opens a file for reading | path=0 says=1:O_RDONLY,O_RDWR
        os#OpenFile | write | opens a file for writing | path=0 says=1:O_WRONLY,O_RDWR,O_CREATE,O_APPEND,O_TRUNC
        os#OpenFile | read,write | opens a file | path=0 low
        syscall#Open golang.org/x/sys/unix#Open | read,write | opens a file | path=0 medium
        os#File().{ReadDir,Readdir,Readdirnames} | read | reads a folder
        path/filepath#{Walk,WalkDir,Glob,EvalSymlinks} io/fs#{WalkDir,Glob,ReadFile,ReadDir,Stat} | read | reads files or folders | path=0
        text/template#{ParseFiles,ParseGlob} html/template#{ParseFiles,ParseGlob} ?.ParseGlob | read | reads templates
        crypto/tls#LoadX509KeyPair crypto/x509#SystemCertPool | read | reads certificates
        crypto/x509#SystemCertPool | none | reads the system's certificates
        net/http#{ServeFile,Dir,FileServer} | read | serves files
        net/http#FileServer | none | serves what it is given
        archive/zip#OpenReader debug/elf#Open debug/macho#Open debug/pe#Open | read | opens a file | path=0
        plugin#Open | read | loads native code | code=0
        go/parser#ParseDir go/build#{Import,ImportDir} | read | reads source files
        os#{Create,WriteFile,Mkdir,MkdirAll,Chmod,Chown,Lchown,Chtimes,Symlink,Link,Truncate,CopyFS} io/ioutil#WriteFile | write | creates or changes files | path=0
        os#{CreateTemp,MkdirTemp} io/ioutil#{TempFile,TempDir} | write | creates temporary files
        os#File().{Truncate,Chmod,Chown} | write | changes a file
        os#Root().{Create,Mkdir,MkdirAll,WriteFile} | write | creates or changes files
        os#Root().{Open,ReadFile,Stat,Lstat,FS} | read | reads files
        os#{Remove,RemoveAll} | delete | removes files | path=0
        os#Root().Remove syscall#{Unlink,Rmdir} golang.org/x/sys/unix#{Unlink,Unlinkat,Rmdir} | delete | removes files
        os#Rename os#Root().Rename syscall#Rename golang.org/x/sys/unix#Rename | delete,write | renames or moves a file | path=0
        os#OpenInRoot | read | opens a file below a folder | path=1
        os#Root().{OpenFile,OpenRoot} | read,write | opens a file below a folder | medium
        os#Root().{Chmod,Chown,Chtimes,Link,Symlink} syscall#{Mkdir,Chmod,Chown,Symlink,Link,Mknod,Truncate} golang.org/x/sys/unix#{Mkdir,Chmod,Chown,Symlink,Link,Mknod,Truncate} | write | creates or changes files
        os#Root().RemoveAll | delete | removes files
        io/fs#{ReadLink,Lstat} | read | reads files or folders
        log/syslog#{New,Dial,NewLogger} | client | writes to the system's log
        crypto/tls#{DialWithDialer} net/textproto#Dial net#ListenMulticastUDP | client | connects to a host
        syscall#{PtraceAttach,PtraceDetach} golang.org/x/sys/unix#{PtraceAttach,PidfdSendSignal} golang.org/x/sys/windows#{OpenProcess,TerminateProcess,CreateToolhelp32Snapshot} | process | attaches to or ends other processes
        syscall#{Socket,Connect} golang.org/x/sys/unix#{Socket,Connect} | client | opens a socket | medium
        syscall#{Bind,Listen} golang.org/x/sys/unix#{Bind,Listen} | server | listens for connections
        // Network
        net/http#{Get,Post,PostForm,Head} | client | sends a request | host=0
        net/http#NewRequest | client | sends a request | host=1
        net/http#NewRequestWithContext | client | sends a request | host=2
        net/http#{Client,Transport} | client | sends requests | called
        net/http#Client().{Do,Get,Post,PostForm,Head} | client | sends a request
        net/http#{DefaultClient,DefaultTransport} net/http#DefaultClient.{Do,Get,Post,PostForm,Head} net/http#DefaultTransport.RoundTrip | client | sends requests
        net/http/httputil#{NewSingleHostReverseProxy,ReverseProxy} | client | hands requests on
        net#{Dial,DialTimeout} crypto/tls#Dial | client | connects to a host | host=1
        net#{DialTCP,DialUDP,DialUnix,DialIP} | client | connects to a host
        net#Dialer | client | connects to hosts | called
        net#{LookupHost,LookupIP,LookupAddr,LookupCNAME,LookupMX,LookupTXT,LookupNS,LookupSRV,ResolveTCPAddr,ResolveIPAddr} net#Resolver().* | client | looks up a name
        net/smtp#{SendMail,Dial,NewClient} net/rpc#{Dial,DialHTTP} | client | connects to a host
        net/rpc/jsonrpc#Dial | client | connects to a host
        net/http#{ListenAndServe,ListenAndServeTLS,Serve,ServeTLS} | server | listens for connections
        net/http#Server | server | listens for connections | called
        net/http#Server().{ListenAndServe,ListenAndServeTLS,Serve} | server | listens for connections
        net#{Listen,ListenPacket,ListenTCP,ListenUDP,ListenUnix} crypto/tls#{Listen,NewListener} | server | listens for connections
        net#ListenConfig | server | listens for connections | called
        net/http/httptest#{NewServer,NewTLSServer} | server | listens for connections
        // Programs
        os/exec#Command | exec | starts a program | program=0
        os/exec#CommandContext | exec | starts a program | program=1
        os/exec#Cmd | exec | starts a program | called
        os#StartProcess syscall#{Exec,ForkExec,StartProcess} golang.org/x/sys/unix#Exec | exec | starts a program | program=0
        os/exec#LookPath | read | looks for a program | lookup=0 low
        syscall#Kill golang.org/x/sys/unix#Kill | process | signals a process
        os#FindProcess().{Kill,Signal} | process | signals a process
        os#Process().{Kill,Signal} | process | signals a process | medium
        os/exec#Cmd().Process.{Kill,Signal} | none | ends its own child
        // Environment
        os#{Getenv,LookupEnv} syscall#Getenv | env | reads an environment variable | env=0
        os#{Environ,ExpandEnv} syscall#Environ | env | reads environment variables
        os#{Setenv,Unsetenv,Clearenv} syscall#{Setenv,Unsetenv} | setenv | changes environment variables
        os#{UserHomeDir,UserConfigDir,UserCacheDir,TempDir} | env | asks where folders are | low
        // Native code: names in preambles of cgo and in C files beside. Source: developer.apple.com/documentation, man7.org, x.org.
        C#** | none | calls native code | low
        cgo#{stringForType,dataForType,readObjectsForClasses,pasteboardItems,propertyListForType,GetClipboardData} | paste | reads the clipboard
        cgo#{writeObjects,clearContents,declareTypes,SetClipboardData} | copy | changes the clipboard
        cgo#{CGWindowListCreateImage,CGDisplayCreateImage,SCScreenshotManager,SCStream,XGetImage,XShmGetImage,BitBlt} | screen | captures the screen
        cgo#{AVCapturePhotoOutput,AVCaptureVideoDataOutput,AVCaptureMovieFileOutput} | camera | takes pictures
        cgo#{AVAudioRecorder,AudioQueueNewInput,snd_pcm_readi} | microphone | records sound
        cgo#{AVSpeechSynthesizer,NSSpeechSynthesizer,AVAudioPlayer,NSSound,NSBeep,snd_pcm_writei,PlaySound} | speaker | plays sound
        cgo#{UNUserNotificationCenter,NSUserNotificationCenter,NSUserNotification,notify_notification_show} | notify | shows a notification
        cgo#{CLLocationManager} | location | asks where the machine is
        cgo#{CBCentralManager,IOBluetoothDevice} | bluetooth | uses Bluetooth
        cgo#{NSTask,NSAppleScript,posix_spawn,posix_spawnp,execvp,execve,popen} | exec | starts a program
        cgo#{runningApplications,proc_listpids,proc_listallpids,CreateToolhelp32Snapshot,forceTerminate} | process | looks at or ends programs
        cgo#{getenv,secure_getenv} | env | reads environment variables
        cgo#{contentsOfFile,contentsAtPath,contentsOfDirectoryAtPath,opendir} | read | reads files or folders
        cgo#{createFileAtPath,createDirectoryAtPath,writeToFile} | write | writes files
        cgo#{removeItemAtPath,removeItemAtURL} | delete | removes files
        cgo#{NSURLSession,NSURLConnection,curl_easy_perform,getaddrinfo} | client | talks to other hosts
        """

    /// The MCP SDKs. `ServeStdio` needs nothing.
    private static let goMCP = """
        github.com/mark3labs/mcp-go/server#{NewSSEServer,NewStreamableHTTPServer,NewTestServer,NewTestStreamableHTTPServer} | server | serves MCP over HTTP
        github.com/mark3labs/mcp-go/client#{NewStdioMCPClient,NewStdioMCPClientWithOptions} github.com/mark3labs/mcp-go/client/transport#{NewStdio,NewStdioWithOptions} | exec | starts another MCP server | program=0
        github.com/mark3labs/mcp-go/client#{NewSSEMCPClient,NewStreamableHttpClient,NewOAuthSSEClient,NewOAuthStreamableHttpClient} github.com/mark3labs/mcp-go/client/transport#{NewSSE,NewStreamableHTTP} | client | talks to another MCP server | host=0
        github.com/modelcontextprotocol/go-sdk/mcp#{NewSSEHandler,NewStreamableHTTPHandler,SSEHandler,StreamableServerTransport,SSEServerTransport} | server | serves MCP over HTTP
        github.com/modelcontextprotocol/go-sdk/mcp#{SSEClientTransport,StreamableClientTransport,NewSSEClientTransport,NewStreamableClientTransport} | client | talks to another MCP server
        github.com/modelcontextprotocol/go-sdk/mcp#NewClient github.com/mark3labs/mcp-go/client#{NewClient,NewInProcessClient} github.com/metoro-io/mcp-golang#NewClient | none | talks over a transport, which says where to
        github.com/modelcontextprotocol/go-sdk/mcp#{CommandTransport,NewCommandTransport} | exec | starts another MCP server
        github.com/metoro-io/mcp-golang/transport/http#{NewHTTPTransport,NewGinTransport} | server | serves MCP over HTTP
        github.com/metoro-io/mcp-golang/transport/http#NewHTTPClientTransport | client | talks to another MCP server
        github.com/ThinkInAIXYZ/go-mcp/transport#{NewSSEServerTransport,NewSSEServerTransportAndHandler,NewStreamableHTTPServerTransport} | server | serves MCP over HTTP
        github.com/FreePeak/cortex/pkg/server#{NewMCPServer(),MCPServer()}.ServeHTTP github.com/MegaGrindStone/go-mcp#{NewSSEServer,NewStreamableHTTPServer} github.com/localrivet/gomcp/server#{NewServer(),Server()}.{AsSSE,AsHTTP,AsWebsocket} github.com/ktr0731/go-mcp#NewStreamableHTTPHandler | server | serves MCP over HTTP
        github.com/MegaGrindStone/go-mcp#NewSSEClient github.com/localrivet/gomcp/client#NewClient | client | talks to another MCP server
        github.com/strowk/foxy-contexts/pkg/{streamable_http,sse}#NewTransport | server | serves MCP over HTTP
        """
}
