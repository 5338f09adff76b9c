extension RuleText {
    static let java = [javaStandard, javaLibraries].joined(separator: "\n")
    static let kotlin = [javaStandard, javaLibraries, kotlinStandard].joined(separator: "\n")

    /// The class library of the JDK. Source: docs.oracle.com, Java SE 21.
    private static let javaStandard = """
        java.nio.file.Paths.get() = java.nio.file.Path()
        java.nio.file.Path.of() = java.nio.file.Path()
        java.nio.file.Path().{toAbsolutePath(),normalize(),resolve(),getParent(),resolveSibling(),relativize(),getFileName()} = java.nio.file.Path()
        java.nio.file.Path().toFile() = java.io.File()
        java.io.File().{getParentFile(),getAbsoluteFile(),getCanonicalFile()} = java.io.File()
        java.io.File().toPath() = java.nio.file.Path()
        java.lang.Runtime.getRuntime() = java.lang.Runtime()
        java.net.http.HttpClient.newHttpClient() = java.net.http.HttpClient()
        java.net.URI.create() = java.net.URI()
        java.net.URI().toURL() = java.net.URL()
        // What every file knows is no class of a package taken over whole.
        java.lang.{String,StringBuilder,StringBuffer,Integer,Long,Double,Float,Boolean,Byte,Short,Character,Number,Object,Class,Math,StrictMath,Record,Enum,Void,Iterable,Comparable,CharSequence,AutoCloseable,Cloneable,Runnable,Thread,ThreadLocal,Throwable,Exception,RuntimeException,Error,IllegalArgumentException,IllegalStateException,InterruptedException,NullPointerException,UnsupportedOperationException,NumberFormatException,IndexOutOfBoundsException,ClassCastException,ArithmeticException,SecurityException,CloneNotSupportedException,ClassNotFoundException,NoSuchFieldException,NoSuchMethodException,StackTraceElement,Override,Deprecated,SuppressWarnings,FunctionalInterface,SafeVarargs,Package,Module,ClassLoader} | none | a value
        // Files
        java.nio.file.Files.{readString,readAllBytes,readAllLines,lines,newBufferedReader,newInputStream,list,walk,walkFileTree,find,newDirectoryStream,exists,notExists,isDirectory,isRegularFile,isReadable,isWritable,isExecutable,isHidden,isSymbolicLink,isSameFile,size,getLastModifiedTime,readAttributes,getAttribute,getFileAttributeView,getFileStore,getOwner,getPosixFilePermissions,readSymbolicLink,probeContentType,mismatch,newByteChannel} | read | reads files or folders | path=0
        java.io.{FileReader,FileInputStream,RandomAccessFile} java.util.zip.ZipFile java.util.jar.JarFile | read | opens a file for reading | path=0 called
        java.io.File().{exists,isFile,isDirectory,canRead,canWrite,length,lastModified,list,listFiles,getCanonicalPath,isHidden,getFreeSpace,getTotalSpace,getUsableSpace} | read | reads files or folders
        java.nio.file.Path().toRealPath | read | looks a path up
        java.nio.channels.FileChannel.open | read,write | opens a file | path=0
        java.nio.file.FileSystems.newFileSystem | read | opens an archive
        ?.{toRealPath,listFiles} | read | reads files or folders
        javax.imageio.ImageIO.read | read | reads a picture | medium
        java.nio.file.Files.{write,writeString,newBufferedWriter,newOutputStream,createFile,createDirectory,createDirectories,createTempFile,createTempDirectory,createSymbolicLink,createLink,setLastModifiedTime,setAttribute,setOwner,setPosixFilePermissions} | write | creates or changes files | path=0
        java.nio.file.Files.copy | write | copies files | path=0
        java.nio.file.Files.copy | read | copies files | path=0 medium
        java.nio.file.Files.move | write,delete | moves files | path=0
        java.nio.file.Files.{delete,deleteIfExists} | delete | removes files | path=0
        java.io.{FileWriter,FileOutputStream} java.util.logging.FileHandler | write | opens a file for writing | path=0 called
        java.io.PrintWriter java.io.PrintStream | write | opens a file for writing | says=0:.txt,.log,.csv,.json,file,File,path,Path medium
        java.io.RandomAccessFile | write | opens a file for writing | says=1:w
        java.io.File().{mkdir,mkdirs,createNewFile,setLastModified,setReadable,setWritable,setExecutable} java.io.File.createTempFile ?.mkdirs ?.createNewFile | write | creates or changes files
        javax.imageio.ImageIO.write | write | writes a picture | medium
        java.io.File().{delete,deleteOnExit} ?.deleteOnExit | delete | removes a file
        java.io.File().renameTo ?.renameTo | write,delete | renames a file
        java.io.{File,FileFilter,FilenameFilter} | none | names a file
        // Network
        java.net.{Socket,DatagramSocket,MulticastSocket} javax.net.ssl.SSLSocketFactory.getDefault java.nio.channels.{SocketChannel,AsynchronousSocketChannel,DatagramChannel}.open | client | connects to a host | host=0 called
        java.net.URL().{openConnection,openStream,getContent} | client | requests a URL
        ?.{openConnection,openStream} | client | requests a URL | imports=java
        java.net.{HttpURLConnection,URLConnection,JarURLConnection} javax.net.ssl.HttpsURLConnection | client | requests a URL | medium
        java.net.HttpURLConnection.{HTTP_OK,HTTP_CREATED,HTTP_NOT_FOUND,HTTP_UNAUTHORIZED} | none | a number
        java.net.http.HttpClient.{newHttpClient,newBuilder} java.net.http.HttpClient().{send,sendAsync,newWebSocketBuilder} | client | sends HTTP requests
        java.net.http.HttpRequest.newBuilder | client | sends HTTP requests | host=0
        java.net.http.HttpRequest.newBuilder().uri | client | sends HTTP requests | host=0
        java.net.URI.create | client | names a host | host=0 low
        java.net.InetAddress.{getByName,getAllByName,getByAddress} | client | looks up a name | host=0 medium
        java.sql.DriverManager.getConnection | client | connects to a database | host=0
        javax.sql.DataSource().getConnection | client | connects to a database
        jakarta.mail.Transport.** javax.mail.Transport.** jakarta.mail.Session().{getStore,getTransport} javax.mail.Session().{getStore,getTransport} jakarta.mail.Store().connect javax.mail.Store().connect | client | sends or fetches mail
        javax.naming.InitialContext javax.naming.directory.InitialDirContext | client | asks a directory | medium
        java.rmi.** javax.management.remote.JMXConnectorFactory.connect | client | talks to another process
        java.net.ServerSocket javax.net.ssl.SSLServerSocketFactory.getDefault java.nio.channels.{ServerSocketChannel,AsynchronousServerSocketChannel}.open | server | listens for connections | port=0 called
        com.sun.net.httpserver.{HttpServer,HttpsServer}.create com.sun.net.httpserver.SimpleFileServer.** | server | serves HTTP
        // Programs
        java.lang.ProcessBuilder | exec | starts a program | program=0 called
        java.lang.ProcessBuilder().{command,start} ?.startPipeline | exec | starts a program | program=0
        java.lang.Runtime().exec | exec | starts a program | program=0
        java.awt.Desktop.getDesktop().{browse,open,edit,print,mail} | exec | opens a program of the desktop
        javax.script.ScriptEngineManager | none | runs text as code | low
        java.lang.ProcessHandle.{of,allProcesses} java.lang.ProcessHandle().{destroy,destroyForcibly} | process | looks at or ends processes
        com.sun.tools.attach.VirtualMachine.** | process | attaches to another process
        sun.jvmstat.monitor.** | process | looks into another process
        java.lang.System.{load,loadLibrary} | exec | loads native code | low
        // Environment
        java.lang.System.getenv | env | reads an environment variable | env=0
        java.lang.ProcessBuilder().environment | env | reads environment variables | medium
        // Desktop
        java.awt.Robot().{createScreenCapture,createMultiResolutionScreenCapture} ?.createScreenCapture | screen | captures the screen
        java.awt.Toolkit.getDefaultToolkit().getSystemClipboard().setContents ?.setContents | copy | writes the clipboard
        java.awt.Toolkit.getDefaultToolkit().getSystemClipboard().{getContents,getData} ?.getSystemClipboard().{getContents,getData} | paste | reads the clipboard
        java.awt.{SystemTray,TrayIcon}.** java.awt.TrayIcon().displayMessage | notify | shows a notification
        java.awt.Toolkit.getDefaultToolkit().beep javax.sound.sampled.{Clip,SourceDataLine}.** javax.sound.sampled.AudioSystem.{getClip,getSourceDataLine} javax.sound.midi.MidiSystem.** javafx.scene.media.** | speaker | plays sound
        javax.sound.sampled.TargetDataLine.** javax.sound.sampled.AudioSystem.getTargetDataLine | microphone | records sound
        """

    /// Libraries from Maven Central, by the packages that they declare.
    private static let javaLibraries = """
        // HTTP clients
        okhttp3.{OkHttpClient,Request,Call}.** org.apache.http.impl.** org.apache.http.client.** org.apache.hc.client5.** retrofit2.** feign.** kong.unirest.** com.mashape.unirest.** org.asynchttpclient.** reactor.netty.http.client.** io.ktor.client.** com.github.kittinunf.fuel.** io.restassured.** org.springframework.web.client.{RestTemplate,RestClient}.** org.springframework.web.reactive.function.client.WebClient.** org.springframework.web.service.invoker.** org.eclipse.microprofile.rest.client.inject.** jakarta.ws.rs.client.** javax.ws.rs.client.** io.vertx.ext.web.client.** io.vertx.core.http.HttpClient.** io.vertx.mutiny.ext.web.client.** io.micronaut.http.client.** io.helidon.webclient.** com.google.api.client.http.** org.http4k.client.** cn.hutool.http.** | client | talks to other hosts
        okhttp3.Request.Builder().url org.springframework.web.client.RestClient.builder().baseUrl org.springframework.web.client.RestClient.create org.springframework.web.reactive.function.client.WebClient.{create,builder().baseUrl} | client | talks to other hosts | host=0
        org.springframework.web.client.{RestClientException,HttpClientErrorException,HttpServerErrorException,RestClientResponseException}.** io.ktor.client.plugins.contentnegotiation.** io.ktor.client.statement.** | none | makes no connection
        org.jsoup.Jsoup.connect | client | fetches a page | host=0
        // Services
        software.amazon.awssdk.** com.amazonaws.** com.google.cloud.** com.google.api.services.** com.azure.** com.microsoft.graph.** com.aliyun.** com.qcloud.** io.minio.** com.slack.api.** net.dv8tion.jda.** discord4j.** org.telegram.** com.twilio.** com.sendgrid.** com.stripe.** org.kohsuke.github.** org.gitlab4j.** com.atlassian.** io.fabric8.kubernetes.client.** io.fabric8.openshift.client.** io.kubernetes.client.** com.github.dockerjava.** org.testcontainers.** com.openai.** com.theokanning.openai.** dev.langchain4j.model.** io.grpc.ManagedChannelBuilder.** io.grpc.netty.NettyChannelBuilder.** org.apache.commons.net.** com.jcraft.jsch.** org.apache.sshd.client.** net.schmizz.sshj.** org.eclipse.paho.** com.hivemq.client.** org.apache.commons.mail.** org.simplejavamail.mailer.** org.springframework.mail.** io.quarkus.mailer.** twitter4j.** org.web3j.protocol.** io.sentry.** com.google.firebase.** com.influxdb.** org.eclipse.jgit.api.CloneCommand.** org.eclipse.jgit.transport.** com.algolia.** com.meilisearch.** org.opensearch.client.** co.elastic.clients.** org.elasticsearch.client.** org.apache.solr.client.** | client | talks to a service on the network
        software.amazon.awssdk.core.{sync,async}.** software.amazon.awssdk.core.exception.** software.amazon.awssdk.services.s3.model.** software.amazon.awssdk.regions.** | none | makes no connection
        com.google.cloud.functions.** | none | is called, and calls nobody
        software.amazon.awssdk.core.sync.RequestBody.fromFile software.amazon.awssdk.core.async.AsyncRequestBody.fromFile | read | reads a file to send it | path=0
        software.amazon.awssdk.core.sync.ResponseTransformer.toFile | write | writes what was fetched to a file | path=0
        software.amazon.awssdk.auth.credentials.{DefaultCredentialsProvider,EnvironmentVariableCredentialsProvider}.** | env | reads credentials from the environment | medium
        software.amazon.awssdk.auth.credentials.{DefaultCredentialsProvider,ProfileCredentialsProvider}.** | read | reads a file of credentials | medium
        // Databases
        com.zaxxer.hikari.** org.postgresql.** com.mysql.cj.** org.mariadb.jdbc.** oracle.jdbc.** com.microsoft.sqlserver.** com.mongodb.** org.litote.kmongo.** redis.clients.jedis.** io.lettuce.core.** org.redisson.** com.datastax.oss.driver.** org.neo4j.driver.** com.clickhouse.** io.r2dbc.** org.apache.kafka.clients.** com.rabbitmq.client.** io.nats.client.** org.apache.pulsar.client.** jakarta.jms.** javax.jms.** org.springframework.jdbc.core.** org.springframework.data.{mongodb,redis,elasticsearch,neo4j,cassandra}.** org.springframework.kafka.** org.springframework.amqp.** org.jdbi.v3.core.Jdbi.create io.agroal.api.** org.jetbrains.exposed.sql.Database.connect io.milvus.** io.qdrant.client.** | client | talks to a database or a broker
        org.rocksdb.** org.iq80.leveldb.** org.mapdb.** org.h2.mvstore.** org.apache.lucene.store.** org.sqlite.** app.cash.sqldelight.driver.jdbc.sqlite.** | read,write | keeps data in files
        // Servers
        org.eclipse.jetty.server.{Server,ServerConnector}.** org.apache.catalina.startup.Tomcat.** io.undertow.Undertow.** io.javalin.** spark.Spark.** reactor.netty.http.server.** io.netty.bootstrap.ServerBootstrap.** io.vertx.core.http.HttpServer.** io.helidon.webserver.** io.grpc.ServerBuilder.** io.ktor.server.engine.embeddedServer io.ktor.server.netty.EngineMain.** io.ktor.server.cio.EngineMain.** fi.iki.elonen.** org.http4k.server.** org.glassfish.grizzly.http.server.** | server | serves HTTP
        org.springframework.web.bind.annotation.{RestController,RequestMapping,GetMapping,PostMapping,PutMapping,DeleteMapping} | server | answers requests of a server
        io.modelcontextprotocol.server.transport.{HttpServletSseServerTransportProvider,HttpServletStreamableServerTransportProvider,WebMvcSseServerTransportProvider,WebFluxSseServerTransportProvider,WebMvcStreamableServerTransportProvider,WebFluxStreamableServerTransportProvider}.** io.modelcontextprotocol.kotlin.sdk.server.{mcp,SseServerTransport,mcpStreamableHttp}.** | server | serves MCP over HTTP
        io.modelcontextprotocol.client.transport.{HttpClientSseClientTransport,HttpClientStreamableHttpTransport,WebFluxSseClientTransport}.** | client | talks to another MCP server
        io.modelcontextprotocol.client.transport.StdioClientTransport.** | exec | starts another MCP server
        // Starters, that act because they are there
        {dependency:spring-boot-starter-web,dependency:spring-boot-starter-webflux,dependency:spring-ai-starter-mcp-server-webmvc,dependency:spring-ai-starter-mcp-server-webflux,dependency:spring-ai-mcp-server-webmvc-spring-boot-starter,dependency:spring-ai-mcp-server-webflux-spring-boot-starter,dependency:quarkus-mcp-server-sse,dependency:quarkus-mcp-server-http,dependency:micronaut-mcp-server-java-sdk-http}#** | server | serves HTTP by its framework
        {dependency:spring-boot-starter-data-jpa,dependency:spring-boot-starter-jdbc,dependency:spring-boot-starter-data-mongodb,dependency:spring-boot-starter-data-redis,dependency:spring-boot-starter-mail,dependency:quarkus-jdbc-postgresql,dependency:quarkus-jdbc-mysql,dependency:quarkus-jdbc-mariadb,dependency:quarkus-jdbc-mssql,dependency:quarkus-jdbc-oracle,dependency:quarkus-mailer}#** | client | connects by its framework
        // Files
        org.apache.commons.io.FileUtils.{readFileToString,readFileToByteArray,readLines,listFiles,iterateFiles,lineIterator,sizeOf,sizeOfDirectory,openInputStream,checksumCRC32,contentEquals} com.google.common.io.Files.{asCharSource,asByteSource,toString,readLines,toByteArray} org.apache.pdfbox.Loader.loadPDF | read | reads files | path=0
        org.apache.commons.io.FileUtils.{write,writeStringToFile,writeByteArrayToFile,writeLines,copyFile,copyDirectory,copyInputStreamToFile,forceMkdir,touch,openOutputStream,copyURLToFile,moveFile} com.google.common.io.Files.{asCharSink,asByteSink,write,copy,createParentDirs} | write | writes files | path=0
        org.apache.commons.io.FileUtils.copyURLToFile | client | downloads to a file | host=0
        org.apache.commons.io.FileUtils.{deleteDirectory,deleteQuietly,forceDelete,cleanDirectory,moveFile,moveDirectory} com.google.common.io.MoreFiles.deleteRecursively | delete | removes files | path=0
        org.eclipse.jgit.api.Git.{open,init,cloneRepository} org.eclipse.jgit.storage.file.FileRepositoryBuilder.** | read,write | works on a repository
        cn.hutool.core.io.FileUtil.{readUtf8String,readString,readLines,readBytes,exist,ls,loopFiles} | read | reads files | path=0
        cn.hutool.core.io.FileUtil.{writeUtf8String,writeString,writeBytes,mkdir,touch,copy,appendUtf8String} | write | writes files | path=1
        cn.hutool.core.io.FileUtil.del | delete | removes files | path=0
        okio.FileSystem.SYSTEM.{source,read,list,metadata,exists} | read | reads files | path=0
        okio.FileSystem.SYSTEM.{sink,write,createDirectory,createDirectories,copy} | write | writes files | path=0
        okio.FileSystem.SYSTEM.{delete,deleteRecursively,atomicMove} | delete | removes files | path=0
        io.github.cdimascio.dotenv.** | read,env | reads environment variables from a file
        // Programs and devices
        org.apache.commons.exec.** org.zeroturnaround.exec.** com.pty4j.** org.openqa.selenium.chrome.** org.openqa.selenium.firefox.** org.openqa.selenium.edge.** com.microsoft.playwright.** com.github.pgreze.process.** | exec | starts programs
        org.openqa.selenium.{WebDriver,remote}.** com.microsoft.playwright.** | client | drives a browser
        oshi.software.os.** | process | looks at processes | medium
        com.github.sarxos.webcam.** org.bytedeco.opencv.opencv_videoio.VideoCapture.** org.opencv.videoio.VideoCapture.** | camera | takes pictures
        javazoom.jl.player.** com.sun.speech.freetts.** | speaker | plays sound
        tinyb.** com.welie.blessed.** | bluetooth | talks to Bluetooth devices
        """

    /// What Kotlin adds. Source: kotlinlang.org/api/core.
    private static let kotlinStandard = """
        kotlin.io.path.Path() = java.nio.file.Path()
        java.io.File().{resolve(),resolveSibling(),normalize(),absoluteFile,parentFile,canonicalFile,relativeTo()} = java.io.File()
        java.nio.file.Path().{absolute(),parent} = java.nio.file.Path()
        java.io.File().{readText,readBytes,readLines,forEachLine,useLines,bufferedReader,reader,inputStream,walk,walkTopDown,walkBottomUp,isFile,isDirectory,canonicalPath} ?.{readText,useLines,forEachLine,walkTopDown} | read | reads files | imports=io
        java.io.File().{writeText,writeBytes,appendText,appendBytes,bufferedWriter,printWriter,writer,outputStream,copyTo,copyRecursively} ?.{writeText,appendText,copyRecursively} | write | writes files
        java.io.File().deleteRecursively ?.deleteRecursively | delete | removes files
        kotlin.io.path.{readText,readBytes,readLines,exists,isDirectory,isRegularFile,listDirectoryEntries,useLines,walk,fileSize,inputStream,bufferedReader} | read | reads files
        kotlin.io.path.{writeText,writeBytes,writeLines,appendText,createDirectory,createDirectories,createFile,copyTo,outputStream,bufferedWriter,createTempFile,createTempDirectory} | write | writes files
        kotlin.io.path.{deleteExisting,deleteIfExists,deleteRecursively,moveTo} | delete | removes files
        java.net.URL().{readText,readBytes} | client | requests a URL
        io.ktor.client.request.{get,post,put,delete,patch,head,request} | client | sends HTTP requests | host=0
        io.ktor.client.HttpClient().{get,post,put,delete,patch,request} | client | sends HTTP requests | host=0
        """
}
