extension RuleText {
    /// Foundation, the system frameworks of Apple, and packages. Swift names no module before a name, so all are globals.
    /// Source: developer.apple.com/documentation, swift.org, the packages' own pages.
    static let swift = """
        #FileManager() = #FileManager.default
        #{Darwin,Glibc,Musl,Foundation,FoundationEssentials}.FileManager = #FileManager
        #{Darwin,Glibc,Musl,Foundation}.open = #open
        #{Darwin,Glibc,Musl}.fopen = #fopen
        #{Darwin,Glibc,Musl}.getenv = #getenv
        #{Darwin,Glibc,Musl}.kill = #kill
        #{Foundation,FoundationEssentials}.Process = #Process
        #{Foundation,FoundationEssentials}.ProcessInfo = #ProcessInfo
        #{Foundation,FoundationNetworking}.URLSession = #URLSession
        #AppKit.NSWorkspace = #NSWorkspace
        // Files
        #FileManager.default.fileExists ?.fileExists | read | asks whether a file is there | path=atPath check
        #FileManager.default.{contents,contentsOfDirectory,contentsEqual,isReadableFile,isWritableFile,isExecutableFile,isDeletableFile,attributesOfItem,attributesOfFileSystem,enumerator,subpaths,subpathsOfDirectory,destinationOfSymbolicLink,mountedVolumeURLs} | read | reads files or folders | path=0
        ?.{contentsOfDirectory,attributesOfItem,isReadableFile} | read | reads files or folders | path=0
        #FileManager.default.{createFile,createDirectory,setAttributes} ?.{createDirectory,createFile} | write | creates or changes files | path=atPath
        #FileManager.default.{createSymbolicLink,linkItem,copyItem} ?.copyItem | write | creates or changes files | path=0
        #FileManager.default.copyItem | read | copies files | path=0
        #FileManager.default.{removeItem,trashItem} ?.{removeItem,trashItem} | delete | removes files | path=atPath
        #FileManager.default.{moveItem,replaceItem,replaceItemAt} ?.moveItem | write,delete | moves files | path=0
        #{String,NSString,Data,NSData,NSArray,NSDictionary,NSImage,UIImage,XMLParser,XMLDocument,PDFDocument} | read | reads a file | path=contentsOfFile not=contentsOfFile:
        #{String,NSString} | read | reads a file | not=contentsOf: lacks=contentsOf:http
        #Data | read | reads a file or a URL | not=contentsOf:
        #{String,NSString} | client | reads a URL | not=contentsOf: says=contentsOf:http
        #open | read | opens a file | path=0 lacks=1:O_WRONLY,O_CREAT called
        #open | write | opens a file for writing | path=0 says=1:O_WRONLY,O_RDWR,O_CREAT,O_APPEND called
        ?.{resourceValues,checkResourceIsReachable,bookmarkData} | read | asks about a file | medium
        ?.setResourceValues | write | changes a file's attributes
        #{FileWrapper,CGPDFDocument,PDFDocument,NSImage,CIImage,UIImage,AVAudioFile,VNImageRequestHandler,NSDocument,NSBitmapImageRep,NSData,NSArray,NSDictionary} | read | reads a file or a URL | not=url: says=url:file,File,path,Path
        #{NSImage,CIImage,NSArray,NSDictionary,NSData} | read | reads a file or a URL | not=contentsOf:
        #AVAudioFile | read | reads sound from a file | not=forReading:
        #AVAudioFile | write | writes sound to a file | not=forWriting:
        #{AVAssetWriter,AVAssetExportSession,AVCaptureMovieFileOutput} | write | writes media to a file | called
        ?.{writePNGRepresentation,writeJPEGRepresentation,writeTIFFRepresentation,writeHEIFRepresentation} | write | writes a picture
        #{FSEventStreamCreate,DispatchSource.makeFileSystemObjectSource} | read | watches files
        #FileDescriptor.open | read | opens a file | path=0
        #FileManager.default.{zipItem,unzipItem} ?.{unzipItem,zipItem} | read,write | packs or unpacks files
        #{Archive} | read | opens an archive | imports=ZIPFoundation called
        #{Folder,File} | read | reads files or folders | imports=Files called
        ?.{createFile,createSubfolder} | write | creates files or folders | imports=Files
        #Connection | read,write | keeps data in a file | imports=SQLite called
        #{FMDatabase,FMDatabaseQueue,FMDatabasePool} | read,write | keeps data in a file | called
        #XcodeProj | read | reads a project | imports=XcodeProj called
        #Dotenv.{configure,load} | read,env | takes variables from a file | imports=SwiftDotenv
        #Realm | read,write | keeps data in a file | imports=RealmSwift called
        #Bundle.{main,module}.{url,path,urls,paths} | none | names a file of the program
        #FileHandle | read | opens a file for reading | not=forReadingFrom:
        #FileHandle | read | opens a file for reading | not=forReadingAtPath: path=forReadingAtPath
        #FileHandle | write | opens a file for writing | not=forWritingTo:
        #FileHandle | write | opens a file for writing | not=forWritingAtPath: path=forWritingAtPath
        #FileHandle | read,write | opens a file for updating | not=forUpdating:
        #FileHandle | read,write | opens a file for updating | not=forUpdatingAtPath:
        #InputStream | read | opens a file for reading | not=fileAtPath:
        #OutputStream | write | opens a file for writing | not=toFileAtPath:
        ?.write | write | writes a file | not=toFile:
        ?.write #Data().write #String().write | write | writes a file | not=to: not=atomically:
        ?.write #Data().write | write | writes a file | not=to: not=options:
        #Data().write | write | writes a file | not=to:
        ?.write | write | writes a file | says=to:url,URL,path,Path,file,File medium
        #{fopen,fread,opendir,readdir,stat,lstat,access,realpath} | read | reads files or folders | path=0 called
        #fopen | write | opens a file for writing | has=1:w,a,+ called
        #{fputs,mkdir,chmod,symlink,mkstemp} | write | creates or changes files | path=0 called low
        #{unlink,rmdir} | delete | removes files | path=0 called
        #CGImageDestinationCreateWithURL | write | writes a picture
        #CGImageSourceCreateWithURL | read | reads a picture
        #{NSPersistentContainer,ModelContainer,NSPersistentCloudKitContainer} #DatabaseQueue #DatabasePool #Connection.Location | read,write | keeps data in a file
        #{sqlite3_open,sqlite3_open_v2} | read,write | keeps data in a file | path=0
        // Network
        #URLSession.shared.{data,dataTask,download,downloadTask,upload,uploadTask,bytes,webSocketTask,dataTaskPublisher} #URLSession().{data,dataTask,download,downloadTask,upload,uploadTask,bytes,webSocketTask,streamTask,dataTaskPublisher} ?.{dataTask,downloadTask,uploadTask,webSocketTask,dataTaskPublisher} | client | requests a URL | host=0
        #URLSession.shared #URLSession | client | requests URLs
        #URLRequest | client | requests a URL | host=0 medium
        #{NWConnection,NWBrowser,NetServiceBrowser,CFSocketConnectToAddress,NSURLConnection} | client | connects to a host | host=0
        #{connect,getaddrinfo,gethostbyname} | client | connects to a host | called low
        #{Darwin,Glibc,Musl}.{connect,getaddrinfo,gethostbyname} | client | connects to a host | called medium
        #{Darwin,Glibc,Musl}.{listen,accept} | server | listens for connections | called medium
        ?.{addPersistentStore,loadPersistentStores} | read,write | keeps data in a file
        #{MCNearbyServiceBrowser,MCSession,GKMatchmaker,SSHClient,SSHConnection,MQTTClient,CocoaMQTT,WebSocket,SocketManager,IMAPServer,SMTPServer} | client | connects to other hosts | called
        #MCNearbyServiceAdvertiser | server | waits for others to connect | called
        #{NWListener,NetService,SocketPort} | server | listens for connections
        #{HTTPClient,AF,Session.default,MoyaProvider,ApolloClient,ClientBootstrap,GRPCClient,MongoClient,PostgresClient,PostgresConnection,RedisConnection,MySQLConnection,WebSocketClient,SMTP,OpenAI,Anthropic,S3Client,AWSClient}.** | client | talks to other hosts
        #{ServerBootstrap,NIOTSListenerBootstrap,HummingbirdServer,HTTPServer,GRPCServer}.** | server | listens for connections
        #Application.make #Application().http #{HBApplication,Hummingbird}.** | server | serves HTTP | imports=Vapor
        #Application | server | serves HTTP | imports=Hummingbird
        #{MongoDatabase,MongoCluster}.connect | client | connects to a database | imports=MongoKitten
        #NetworkTransport | client | talks to another MCP server | imports=MCP called
        #{HTTPClientTransport} | client | talks to another MCP server | host=0
        #{StatefulHTTPServerTransport,StatelessHTTPServerTransport} | server | serves MCP over HTTP
        #{MKLocalSearch,MKLocalSearchCompleter,MKDirections,MKMapSnapshotter,MKLookAroundSceneRequest,CLGeocoder} | client | asks a map service
        #WeatherService.** #WeatherService.shared.** #CKContainer.** | client | asks a service on the network
        #{GenerativeModel,OpenAIKit,ChatGPTAPI,OpenAIServiceFactory,AnthropicServiceFactory,SupabaseClient,Firestore,TanukiKit}.** | client | talks to a service on the network
        #{HttpServer,GCDWebServer,HTTPSSETransport,TCPBasedHTTPTransport}.** | server | serves HTTP
        #WKWebView | client | shows web pages
        // Programs
        #{Process,NSTask}().{executableURL,launchPath} | exec | starts a program | program=0 assigned
        #{Process,NSTask} | exec | starts a program | called
        #{Process,NSTask}.{run,launchedProcess} | exec | starts a program | program=0
        #{posix_spawn,posix_spawnp,execv,execve,execvp,execl} | exec | starts a program | program=1 called
        #{system,popen} | exec | starts a shell command | shell=0 called
        #{NSAppleScript,NSUserAppleScriptTask,NSUserUnixTask,OSAScript,SBApplication} | exec | runs a script in another program | called
        #NSWorkspace.shared = #NSWorkspace()
        #NSWorkspace().{open,openApplication,launchApplication,launchAppWithBundleIdentifier,openFile,openURLs,openURL,selectFile,activateFileViewerSelecting} #{LSOpenCFURLRef,LSOpenFromURLSpec,LSOpenApplication,NSUserAutomatorTask,NSUserScriptTask} | exec | opens a program
        ?.openApplication | exec | opens a program
        #MacosUseSDK.openApplication | exec | opens a program | called
        #PrimaryAction.open #MacosUseSDK.PrimaryAction.open | exec | opens a program | imports=MacosUseSDK
        #performAction | exec | opens a program | imports=MacosUseSDK
        #SwiftAutoGUI.{executeAppleScript,executeAppleScriptFile} | exec | runs a script in another program
        #SwiftAutoGUI.executeAppleScriptFile | read | reads a script | path=0
        #run | exec | starts a program | imports=Subprocess called
        #{run,runAsync,runAndPrint,runAsyncAndPrint} | exec | starts a program | imports=SwiftShell called
        #{Subprocess,ShellOut}.** #shellOut #Command.run | exec | starts a program
        #NSWorkspace().runningApplications #NSRunningApplication.runningApplications | process | looks at running programs | medium
        #NSWorkspace().frontmostApplication | process | looks at the program in front | low
        #NSRunningApplication().{terminate,forceTerminate} ?.forceTerminate | process | ends a program
        #kill | process | signals a process | called
        #{proc_name,proc_pidpath,task_for_pid,ptrace,processor_set_tasks} | process | looks at processes | called
        #{proc_listpids,proc_listallpids,proc_pidinfo} | process | looks at processes | called
        #{dlopen} | exec | loads native code | low called
        // Environment
        #ProcessInfo.processInfo.environment | env | reads environment variables
        #ProcessInfo.processInfo.environment[] | env | reads an environment variable | env=0
        #ProcessInfo().environment | env | reads environment variables
        #getenv | env | reads an environment variable | env=0 called
        #Environment.get | env | reads an environment variable | env=0
        #{setenv,unsetenv,putenv} | setenv | sets an environment variable | called
        // Desktop and devices
        #SwiftAutoGUI.{screenshot,screenshotToFile,screenshotRegion,pixel,pixelMatchesColor,locateOnScreen,locateCenterOnScreen,locateAllOnScreen} | screen | captures the screen
        #SwiftAutoGUI.screenshotToFile | write | writes a picture
        #{CGWindowListCreateImage,CGDisplayCreateImage,CGDisplayStream,SCScreenshotManager,SCStream,SCShareableContent,CGDisplayCreateImageForRect,AVCaptureScreenInput,SCContentSharingPicker}.** #{CGWindowListCreateImage,CGDisplayCreateImage,CGDisplayStream,SCScreenshotManager,SCStream,SCShareableContent,CGDisplayCreateImageForRect,AVCaptureScreenInput} | screen | captures the screen
        #NSPasteboard.general.{setString,setData,writeObjects,clearContents,declareTypes,setPropertyList} | copy | writes the clipboard
        #NSPasteboard.general.{string,data,readObjects,pasteboardItems,propertyList,types} | paste | reads the clipboard
        #UIPasteboard.general.{setItems,setValue} | copy | writes the clipboard
        #UIPasteboard.general.{string,image,url,items} | paste | reads the clipboard
        #{UNUserNotificationCenter,UNMutableNotificationContent,UNNotificationRequest,NSUserNotification,NSUserNotificationCenter}.** #{UNUserNotificationCenter,UNMutableNotificationContent,UNNotificationRequest,NSUserNotification,NSUserNotificationCenter} | notify | shows a notification
        #{AVAudioPlayer,AVPlayer,AVAudioPlayerNode,AVSpeechSynthesizer,NSSpeechSynthesizer,NSSound,AVSpeechUtterance} #{AVSpeechSynthesizer,NSSound,AVAudioPlayer}.** #{SystemMusicPlayer,ApplicationMusicPlayer,MPMusicPlayerController,MPMusicPlayerApplicationController,AVQueuePlayer,AVMIDIPlayer,AVAudioUnitSampler,SKAudioNode} #{AudioQueueNewOutput,AudioServicesPlaySystemSound,AudioServicesPlayAlertSound,NSBeep} | speaker | plays sound
        #{AVAudioRecorder,SFSpeechAudioBufferRecognitionRequest} #AVAudioEngine().inputNode #{AudioQueueNewInput,AVCaptureAudioDataOutput} | microphone | records sound
        #AVCaptureDevice.{default,requestAccess,authorizationStatus,DiscoverySession} | camera | opens a camera | says=for:video
        #{AVCapturePhotoOutput,AVCaptureMovieFileOutput,AVCaptureVideoDataOutput,UIImagePickerController} | camera | takes pictures
        #{CBCentralManager,CBPeripheralManager,IOBluetoothDevice,IOBluetoothDeviceInquiry,IOBluetoothHostController,IOBluetoothRFCOMMChannel,IOBluetoothL2CAPChannel}.** #{CBCentralManager,CBPeripheralManager,IOBluetoothDevice} | bluetooth | talks to Bluetooth devices
        #{CLLocationManager,CLLocationUpdate,CLMonitor}.** #{CLLocationManager} | location | asks where the machine is
        """
}
