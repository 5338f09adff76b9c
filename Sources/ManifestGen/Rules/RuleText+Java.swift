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
        java.awt.Desktop.getDesktop() = java.awt.Desktop()
        java.awt.Toolkit.getDefaultToolkit() = java.awt.Toolkit()
        java.awt.Toolkit().getSystemClipboard() = java.awt.datatransfer.Clipboard()
        javafx.scene.input.Clipboard.getSystemClipboard() = javafx.scene.input.Clipboard()
        // Files
        java.nio.file.Files.{exists,notExists,isDirectory,isRegularFile} | read | asks whether a file is there | path=0 check
        java.nio.file.Files.{readString,readAllBytes,readAllLines,lines,newBufferedReader,newInputStream,list,walk,walkFileTree,find,newDirectoryStream,isReadable,isWritable,isExecutable,isHidden,isSymbolicLink,isSameFile,size,getLastModifiedTime,readAttributes,getAttribute,getFileAttributeView,getFileStore,getOwner,getPosixFilePermissions,readSymbolicLink,probeContentType,mismatch,newByteChannel} | read | reads files or folders | path=0
        java.io.{FileReader,FileInputStream,RandomAccessFile} java.util.zip.ZipFile java.util.jar.JarFile | read | opens a file for reading | path=0 called
        java.io.File().{exists,isFile,isDirectory,canRead,canWrite,length,lastModified,list,listFiles,getCanonicalPath,isHidden,getFreeSpace,getTotalSpace,getUsableSpace} | read | reads files or folders
        java.nio.file.Path().toRealPath | read | looks a path up
        java.nio.channels.FileChannel.open | read,write | opens a file | path=0
        java.nio.file.FileSystems.newFileSystem | read | opens an archive
        ?.{toRealPath,listFiles} | read | reads files or folders
        javax.imageio.ImageIO.read | read | reads a picture | path=0 medium
        java.nio.file.Files.{write,writeString,newBufferedWriter,newOutputStream,createFile,createDirectory,createDirectories,createTempFile,createTempDirectory,createSymbolicLink,createLink,setLastModifiedTime,setAttribute,setOwner,setPosixFilePermissions} | write | creates or changes files | path=0
        java.nio.file.Files.copy | write | copies files | path=0
        java.nio.file.Files.copy | read | copies files | path=0 medium
        java.nio.file.Files.move | write,delete | moves files | path=0
        java.nio.file.Files.{delete,deleteIfExists} | delete | removes files | path=0
        java.io.{FileWriter,FileOutputStream} java.util.logging.FileHandler | write | opens a file for writing | path=0 called
        java.io.PrintWriter java.io.PrintStream | write | opens a file for writing | says=0:.txt,.log,.csv,.json,file,File,path,Path medium
        java.io.RandomAccessFile | write | opens a file for writing | says=1:w
        java.io.File().{mkdir,mkdirs,createNewFile,setLastModified,setReadable,setWritable,setExecutable} java.io.File.createTempFile ?.mkdirs ?.createNewFile | write | creates or changes files
        javax.imageio.ImageIO.write | write | writes a picture | path=2 medium
        java.io.File().{delete,deleteOnExit} ?.deleteOnExit | delete | removes a file
        java.io.File().renameTo ?.renameTo | write,delete | renames a file
        java.io.{File,FileFilter,FilenameFilter} | none | names a file
        java.util.Scanner | read | reads a file | says=0:File,Path,file,path
        java.io.File.listRoots java.nio.file.FileSystems.getDefault().newWatchService | read | looks at folders
        java.io.File().setReadOnly | write | changes a file's rights
        java.util.prefs.Preferences.** | read,write | keeps settings in files | low
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
        java.sql.DriverManager.getConnection | client | connects to a database | host=0 lacks=0:jdbc:sqlite,jdbc:h2,jdbc:derby,jdbc:hsqldb,jdbc:duckdb
        java.lang.Class.forName | client | loads the driver of a database | says=0:org.postgresql.,com.mysql.,org.mariadb.,com.microsoft.sqlserver.,oracle.jdbc.,com.clickhouse.,com.ibm.db2.,net.snowflake.,org.apache.hive.
        java.lang.Class.forName | read,write | loads the driver of a database that is a file | says=0:org.sqlite.,org.duckdb.
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
        java.awt.Desktop().{browse,open,edit,print,mail} | exec | opens a program of the desktop
        javax.script.ScriptEngineManager | none | runs text as code | low
        java.lang.ProcessHandle.{of,allProcesses} java.lang.ProcessHandle().{destroy,destroyForcibly} | process | looks at or ends processes
        com.sun.tools.attach.VirtualMachine.** | process | attaches to another process
        sun.jvmstat.monitor.** | process | looks into another process
        java.lang.System.{load,loadLibrary} | exec | loads native code | low
        java.net.InetAddress().isReachable | client | asks whether a host answers
        // Environment
        java.lang.System.getenv | env | reads an environment variable | env=0
        java.lang.ProcessBuilder().environment | env | reads environment variables | medium
        // Desktop
        java.awt.Robot().{createScreenCapture,createMultiResolutionScreenCapture} javafx.scene.robot.Robot().getScreenCapture ?.createScreenCapture | screen | captures the screen
        java.awt.datatransfer.Clipboard().setContents javafx.scene.input.Clipboard().setContent ?.setContents | copy | writes the clipboard
        java.awt.datatransfer.Clipboard().{getContents,getData} javafx.scene.input.Clipboard().{getString,getContent,getImage,getFiles,getHtml,getUrl} | paste | reads the clipboard
        java.awt.{SystemTray,TrayIcon}.** java.awt.TrayIcon().displayMessage | notify | shows a notification
        java.awt.Toolkit().beep javax.sound.sampled.{Clip,SourceDataLine}.** javax.sound.sampled.AudioSystem.{getClip,getSourceDataLine} javax.sound.midi.MidiSystem.** javafx.scene.media.** | speaker | plays sound
        javax.sound.sampled.TargetDataLine.** javax.sound.sampled.AudioSystem.getTargetDataLine | microphone | records sound
        """

    /// Libraries from Maven Central, by the packages that they declare.
    private static let javaLibraries = """
        // HTTP clients
        elsewhere.Client | client | talks to a service, as the type's name says | called medium
        okhttp3.{OkHttpClient,Request,Call}.** org.apache.http.impl.** org.apache.http.client.** org.apache.hc.client5.** retrofit2.** feign.** kong.unirest.** com.mashape.unirest.** org.asynchttpclient.** reactor.netty.http.client.** io.ktor.client.** com.github.kittinunf.fuel.** io.restassured.** org.springframework.web.client.{RestTemplate,RestClient}.** org.springframework.web.reactive.function.client.WebClient.** org.springframework.web.service.invoker.** org.eclipse.microprofile.rest.client.inject.** jakarta.ws.rs.client.** javax.ws.rs.client.** io.vertx.ext.web.client.** io.vertx.core.http.HttpClient.** io.vertx.mutiny.ext.web.client.** io.micronaut.http.client.** io.helidon.webclient.** com.google.api.client.http.** org.http4k.client.** cn.hutool.http.** | client | talks to other hosts
        okhttp3.Request.Builder().url org.springframework.web.client.RestClient.builder().baseUrl org.springframework.web.client.RestClient.create org.springframework.web.reactive.function.client.WebClient.{create,builder().baseUrl} | client | talks to other hosts | host=0
        org.springframework.web.client.{RestClientException,HttpClientErrorException,HttpServerErrorException,RestClientResponseException}.** io.ktor.client.plugins.contentnegotiation.** io.ktor.client.statement.** | none | makes no connection
        org.htmlunit.WebClient com.gargoylesoftware.htmlunit.WebClient | client | fetches pages | called
        org.jsoup.Jsoup.connect | client | fetches a page | host=0
        org.springframework.boot.web.client.RestTemplateBuilder.** org.springframework.http.client.** org.springframework.web.socket.client.** org.java_websocket.client.** jakarta.websocket.ContainerProvider.** javax.websocket.ContainerProvider.** com.launchdarkly.eventsource.** org.apache.cxf.jaxrs.client.** org.glassfish.jersey.client.** com.ning.http.client.** kong.unirest.core.** com.github.kevinsawicki.http.** org.eclipse.jetty.client.HttpClient.** org.snmp4j.** com.digitalpetri.modbus.** org.eclipse.milo.opcua.sdk.client.** com.unboundid.ldap.sdk.** org.springframework.ldap.** org.xbill.DNS.** org.pcap4j.** org.jivesoftware.smack.** | client | talks to other hosts
        // Services
        software.amazon.awssdk.** com.amazonaws.** com.google.cloud.** com.google.api.services.** com.azure.** com.microsoft.graph.** com.aliyun.** com.qcloud.** io.minio.** com.slack.api.** net.dv8tion.jda.** discord4j.** org.telegram.** com.twilio.** com.sendgrid.** com.stripe.** org.kohsuke.github.** org.gitlab4j.** com.atlassian.** io.fabric8.kubernetes.client.** io.fabric8.openshift.client.** io.kubernetes.client.** com.github.dockerjava.** org.testcontainers.** com.openai.** com.theokanning.openai.** dev.langchain4j.model.** io.grpc.ManagedChannelBuilder.** io.grpc.netty.NettyChannelBuilder.** org.apache.commons.net.** com.jcraft.jsch.** org.apache.sshd.client.** net.schmizz.sshj.** org.eclipse.paho.** com.hivemq.client.** org.apache.commons.mail.** org.simplejavamail.mailer.** org.springframework.mail.** io.quarkus.mailer.** twitter4j.** org.web3j.protocol.** io.sentry.** com.google.firebase.** com.influxdb.** org.eclipse.jgit.api.CloneCommand.** org.eclipse.jgit.transport.** com.algolia.** com.meilisearch.** org.opensearch.client.** co.elastic.clients.** org.elasticsearch.client.** org.apache.solr.client.** | client | talks to a service on the network
        software.amazon.awssdk.core.{sync,async}.** software.amazon.awssdk.core.exception.** software.amazon.awssdk.services.s3.model.** software.amazon.awssdk.regions.** | none | makes no connection
        com.google.cloud.functions.** | none | is called, and calls nobody
        com.google.api.client.util.store.FileDataStoreFactory com.google.api.client.extensions.java6.auth.oauth2.FileCredentialStore | read,write | keeps tokens in files | path=0
        com.google.api.client.extensions.java6.auth.oauth2.AuthorizationCodeInstalledApp | exec | opens a browser
        com.google.api.client.extensions.jetty.auth.oauth2.LocalServerReceiver com.google.api.client.extensions.jetty.auth.oauth2.LocalServerReceiver.Builder | server | waits for a browser's answer on a port of its own
        com.google.auth.oauth2.GoogleCredentials.getApplicationDefault | read,env | looks for credentials
        com.google.auth.oauth2.** com.google.firebase.auth.** com.microsoft.aad.msal4j.** com.auth0.client.** com.okta.sdk.** | client | signs in at another host
        com.google.auth.oauth2.{AccessToken,GoogleCredentials,UserCredentials} com.google.auth.oauth2.{AccessToken}.** | none | names credentials
        com.anthropic.client.okhttp.AnthropicOkHttpClient.fromEnv com.openai.client.okhttp.OpenAIOkHttpClient.fromEnv | env | reads its key from the environment
        com.anthropic.** com.cohere.** io.github.ollama4j.** io.github.sashirestela.openai.** com.google.genai.** com.alibaba.dashscope.** com.zhipu.oapi.** org.springframework.ai.{openai,anthropic,ollama,azure,vertexai,bedrock,mistralai,huggingface,deepseek,zhipuai,minimax}.** org.springframework.ai.chat.client.ChatClient.** dev.langchain4j.service.AiServices.** dev.langchain4j.mcp.client.transport.http.** io.weaviate.client.** io.pinecone.** tech.amikos.chromadb.** | client | asks a language model or a service
        com.atlassian.jira.rest.client.** com.offbytwo.jenkins.** com.cdancy.jenkins.rest.** org.sonarqube.ws.client.** com.datadog.api.client.** io.opentelemetry.exporter.otlp.** com.newrelic.** com.pubnub.** com.pusher.** com.ably.** com.launchdarkly.sdk.server.** com.squareup.square.** com.paypal.** com.braintreegateway.** com.plaid.** com.shopify.** com.hubspot.** com.sforce.** notion.api.v1.** com.dropbox.core.** com.box.sdk.** com.wrapper.spotify.** se.michaelthelin.spotify.** com.restfb.**  com.spotify.github.** org.eclipse.egit.github.core.** com.rometools.fetcher.** com.alibaba.nacos.** org.apache.zookeeper.** org.apache.curator.** io.etcd.jetcd.** com.ecwid.consul.** com.orbitz.consul.** com.bettercloud.vault.** io.github.jopenlibs.vault.** org.apache.hadoop.** org.apache.spark.** org.apache.flink.client.** io.temporal.client.** io.camunda.client.** io.camunda.zeebe.client.** com.hazelcast.client.** org.apache.ignite.client.** io.dapr.client.** io.appwrite.** io.supabase.** com.backblaze.b2.client.** com.vmware.vim25.** com.hierynomus.smbj.** jcifs.** com.android.ddmlib.** | client | talks to a service on the network
        {com.github.dockerjava.api.DockerClient().buildImageCmd(),com.github.dockerjava.api.command.BuildImageCmd(),?}.{withDockerfile,withBaseDirectory,withDockerfilePath} | read | reads a folder to build an image from | imports=dockerjava
        {software.amazon.awssdk.services.s3.S3Client,software.amazon.awssdk.services.s3.S3AsyncClient,com.amazonaws.services.s3.AmazonS3,com.amazonaws.services.s3.AmazonS3Client}().getObject | write | downloads to a file | path=1 says=1:File,Path,file,path
        {software.amazon.awssdk.services.s3.S3Client,software.amazon.awssdk.services.s3.S3AsyncClient,com.amazonaws.services.s3.AmazonS3,com.amazonaws.services.s3.AmazonS3Client}().putObject | read | sends a file | path=2 says=2:File,Path,file,path
        {software.amazon.awssdk.services.s3.S3Client,software.amazon.awssdk.services.s3.S3AsyncClient}().putObject | read | sends a file | path=1 says=1:File,Path,file,path
        software.amazon.awssdk.transfer.s3.S3TransferManager().{downloadFile,downloadDirectory,download} com.google.cloud.storage.Blob().downloadTo ?.{downloadToFile,downloadToFileWithResponse} | write | downloads to a file
        software.amazon.awssdk.transfer.s3.S3TransferManager().{uploadFile,uploadDirectory} ?.{uploadFromFile,uploadFromFileWithResponse} | read | sends a file
        ?.{downloadObject} | write | downloads to a file | imports=minio
        ?.{uploadObject} | read | sends a file | imports=minio
        software.amazon.awssdk.core.sync.RequestBody.fromFile software.amazon.awssdk.core.async.AsyncRequestBody.fromFile | read | reads a file to send it | path=0
        software.amazon.awssdk.core.sync.ResponseTransformer.toFile | write | writes what was fetched to a file | path=0
        software.amazon.awssdk.auth.credentials.{DefaultCredentialsProvider,EnvironmentVariableCredentialsProvider}.** | env | reads credentials from the environment | medium
        software.amazon.awssdk.auth.credentials.{DefaultCredentialsProvider,ProfileCredentialsProvider}.** | read | reads a file of credentials | medium
        // Databases
        com.zaxxer.hikari.** org.postgresql.** com.mysql.cj.** org.mariadb.jdbc.** oracle.jdbc.** com.microsoft.sqlserver.** com.mongodb.** org.litote.kmongo.** redis.clients.jedis.** io.lettuce.core.** org.redisson.** com.datastax.oss.driver.** org.neo4j.driver.** com.clickhouse.** io.r2dbc.** org.apache.kafka.clients.** com.rabbitmq.client.** io.nats.client.** org.apache.pulsar.client.** jakarta.jms.** javax.jms.** org.springframework.jdbc.core.** org.springframework.data.{mongodb,redis,elasticsearch,neo4j,cassandra}.** org.springframework.kafka.** org.springframework.amqp.** org.jdbi.v3.core.Jdbi.create io.agroal.api.** org.jetbrains.exposed.sql.Database.connect io.milvus.** io.qdrant.client.** | client | talks to a database or a broker
        org.rocksdb.** org.iq80.leveldb.** org.mapdb.** org.h2.mvstore.** org.apache.lucene.store.** org.sqlite.** app.cash.sqldelight.driver.jdbc.sqlite.** | read,write | keeps data in files
        liquibase.** org.flywaydb.core.** org.jooq.impl.DSL.using org.apache.ibatis.session.** org.mybatis.spring.** com.alibaba.druid.pool.** com.baomidou.** org.hibernate.cfg.** org.hibernate.SessionFactory.** jakarta.persistence.Persistence.** cn.hutool.db.** com.arangodb.** com.couchbase.client.** org.apache.cassandra.** com.aerospike.client.** org.apache.iotdb.** com.taosdata.jdbc.** net.snowflake.client.** com.databricks.client.** io.trino.jdbc.** com.facebook.presto.** org.apache.hive.jdbc.** org.apache.phoenix.** com.vertica.jdbc.** com.sap.db.jdbc.** com.ibm.db2.jcc.** com.influxdb.v3.client.** io.questdb.client.** org.springframework.r2dbc.core.** org.springframework.data.{couchbase,r2dbc,jdbc}.repository.** io.vertx.{pgclient,mysqlclient,mssqlclient,oracleclient,db2client,redis.client,ext.mongo,jdbcclient}.** io.vertx.mutiny.{pgclient,mysqlclient,redis.client,sqlclient}.** org.apache.activemq.** org.apache.rocketmq.client.** org.zeromq.** io.zeebe.client.** org.apache.camel.impl.DefaultCamelContext org.springframework.data.jpa.repository.JpaRepository | client | talks to a database or a broker
        // Servers
        org.eclipse.jetty.server.{Server,ServerConnector}.** org.apache.catalina.startup.Tomcat.** io.undertow.Undertow.** io.javalin.** spark.Spark.** reactor.netty.http.server.** io.netty.bootstrap.ServerBootstrap.** io.vertx.core.http.HttpServer.** io.helidon.webserver.** io.grpc.ServerBuilder.** io.ktor.server.engine.embeddedServer io.ktor.server.netty.EngineMain.** io.ktor.server.cio.EngineMain.** fi.iki.elonen.** org.http4k.server.** org.glassfish.grizzly.http.server.** | server | serves HTTP
        com.github.{codeboyzhou,thought2code}.mcp.declarative.McpServers.run().{startSseServer,startStreamableServer} | server | serves MCP over HTTP
        org.springframework.boot.web.embedded.** org.apache.sshd.server.** org.apache.ftpserver.FtpServerFactory.** io.muserver.** ratpack.server.** com.linecorp.armeria.server.** org.apache.mina.transport.socket.nio.NioSocketAcceptor.** org.simpleframework.transport.** org.java_websocket.server.** com.networknt.server.** org.restlet.** com.sun.grizzly.** org.apache.cxf.endpoint.Server.** io.quarkus.vertx.web.** io.micronaut.http.annotation.Controller | server | serves HTTP
        jakarta.servlet.annotation.WebServlet javax.servlet.annotation.WebServlet | server | answers requests of a server
        jakarta.servlet.http.HttpServlet javax.servlet.http.HttpServlet | server | answers requests of a server
        org.springframework.web.bind.annotation.{RestController,RequestMapping,GetMapping,PostMapping,PutMapping,DeleteMapping} | server | answers requests of a server
        io.modelcontextprotocol.server.transport.{HttpServletStatelessServerTransport,WebMvcStatelessServerTransport,WebFluxStatelessServerTransport,HttpServletSseServerTransportProvider,HttpServletStreamableServerTransportProvider,WebMvcSseServerTransportProvider,WebFluxSseServerTransportProvider,WebMvcStreamableServerTransportProvider,WebFluxStreamableServerTransportProvider}.** io.modelcontextprotocol.kotlin.sdk.server.{mcp,SseServerTransport,mcpStreamableHttp}.** | server | serves MCP over HTTP
        io.modelcontextprotocol.client.transport.{HttpClientSseClientTransport,HttpClientStreamableHttpTransport,WebFluxSseClientTransport}.** | client | talks to another MCP server
        io.modelcontextprotocol.client.transport.StdioClientTransport.** | exec | starts another MCP server
        org.springframework.beans.factory.annotation.Value | env | takes a setting from the environment | says=0:${A,${B,${C,${D,${E,${F,${G,${H,${I,${J,${K,${L,${M,${N,${O,${P,${Q,${R,${S,${T,${U,${V,${W,${X,${Y,${Z
        org.springframework.core.env.Environment().{getProperty,getRequiredProperty} | env | takes a setting from the environment | says=0:_ medium
        // Starters, that act because they are there
        dependency:settings-environment#** | env | its settings name environment variables
        dependency:settings-log-file#** | write | its settings name a log file
        dependency:settings-database-file#** | read,write | its settings name a database that is a file
        {dependency:spring-boot-starter-undertow,dependency:spring-boot-starter-jetty,dependency:spring-boot-starter-websocket,dependency:spring-boot-starter-graphql,dependency:spring-boot-starter-jersey,dependency:spring-boot-starter-rsocket,dependency:spring-ai-starter-mcp-server-streamable-webmvc,dependency:spring-ai-starter-mcp-server-streamable-webflux,dependency:quarkus-rest,dependency:quarkus-rest-jackson,dependency:quarkus-resteasy,dependency:quarkus-resteasy-reactive,dependency:quarkus-vertx-http,dependency:quarkus-reactive-routes,dependency:micronaut-http-server-netty,dependency:helidon-webserver}#** | server | serves HTTP by its framework
        {dependency:spring-boot-starter-data-elasticsearch,dependency:spring-boot-starter-data-neo4j,dependency:spring-boot-starter-data-cassandra,dependency:spring-boot-starter-data-couchbase,dependency:spring-boot-starter-data-r2dbc,dependency:spring-boot-starter-data-ldap,dependency:spring-boot-starter-data-jdbc,dependency:spring-boot-starter-data-redis-reactive,dependency:spring-boot-starter-data-mongodb-reactive,dependency:spring-boot-starter-amqp,dependency:spring-kafka,dependency:spring-boot-starter-pulsar,dependency:spring-ai-starter-model-*,dependency:spring-ai-starter-vector-store-*,dependency:spring-cloud-starter-*,dependency:spring-cloud-azure-starter-*,dependency:mybatis-spring-boot-starter,dependency:mybatis-plus-boot-starter,dependency:mybatis-plus-spring-boot3-starter,dependency:quarkus-jdbc-db2,dependency:quarkus-reactive-pg-client,dependency:quarkus-reactive-mysql-client,dependency:quarkus-mongodb-client,dependency:quarkus-mongodb-panache,dependency:quarkus-redis-client,dependency:quarkus-neo4j,dependency:quarkus-elasticsearch-rest-client,dependency:quarkus-messaging-kafka,dependency:quarkus-kafka-client,dependency:quarkus-kubernetes-client,dependency:quarkus-openshift-client,dependency:quarkus-langchain4j-*,dependency:langchain4j-spring-boot-starter-*}#** | client | connects by its framework
        {dependency:spring-boot-starter-web,dependency:spring-boot-starter-webflux,dependency:spring-ai-starter-mcp-server-webmvc,dependency:spring-ai-starter-mcp-server-webflux,dependency:spring-ai-mcp-server-webmvc-spring-boot-starter,dependency:spring-ai-mcp-server-webflux-spring-boot-starter,dependency:quarkus-mcp-server-sse,dependency:quarkus-mcp-server-http,dependency:micronaut-mcp-server-java-sdk-http}#** | server | serves HTTP by its framework
        {dependency:spring-boot-starter-data-jpa,dependency:spring-boot-starter-jdbc,dependency:spring-boot-starter-data-mongodb,dependency:spring-boot-starter-data-redis,dependency:spring-boot-starter-mail,dependency:quarkus-jdbc-postgresql,dependency:quarkus-jdbc-mysql,dependency:quarkus-jdbc-mariadb,dependency:quarkus-jdbc-mssql,dependency:quarkus-jdbc-oracle,dependency:quarkus-mailer}#** | client | connects by its framework
        // Files
        org.apache.commons.io.FileUtils.{readFileToString,readFileToByteArray,readLines,listFiles,iterateFiles,lineIterator,sizeOf,sizeOfDirectory,openInputStream,checksumCRC32,contentEquals} com.google.common.io.Files.{asCharSource,asByteSource,toString,readLines,toByteArray} org.apache.pdfbox.Loader.loadPDF | read | reads files | path=0
        org.apache.commons.io.FileUtils.{write,writeStringToFile,writeByteArrayToFile,writeLines,copyFile,copyDirectory,copyInputStreamToFile,forceMkdir,touch,openOutputStream,copyURLToFile,moveFile} com.google.common.io.Files.{asCharSink,asByteSink,write,copy,createParentDirs} | write | writes files | path=0
        org.apache.commons.io.FileUtils.copyURLToFile | client | downloads to a file | host=0
        org.apache.commons.io.FileUtils.{deleteDirectory,deleteQuietly,forceDelete,cleanDirectory,moveFile,moveDirectory} com.google.common.io.MoreFiles.deleteRecursively | delete | removes files | path=0
        org.apache.pdfbox.pdmodel.PDDocument.load org.apache.poi.ss.usermodel.WorkbookFactory.create com.itextpdf.kernel.pdf.PdfReader com.itextpdf.text.pdf.PdfReader org.apache.tika.Tika().{parseToString,detect,parse} net.sourceforge.tess4j.** org.apache.commons.io.monitor.** com.drew.imaging.ImageMetadataReader.readMetadata org.jaudiotagger.audio.AudioFileIO.read org.apache.commons.configuration2.** org.ini4j.** com.typesafe.config.ConfigFactory.parseFile com.alibaba.excel.EasyExcel.read org.springframework.core.io.{FileSystemResource,FileUrlResource} org.apache.commons.io.file.PathUtils.** com.github.javaparser.StaticJavaParser.parse org.apache.lucene.index.DirectoryReader.** org.opencv.imgcodecs.Imgcodecs.imread | read | reads files | path=0
        org.apache.pdfbox.pdmodel.PDDocument().save com.itextpdf.kernel.pdf.PdfWriter com.itextpdf.text.pdf.PdfWriter.getInstance com.alibaba.excel.EasyExcel.write org.opencv.imgcodecs.Imgcodecs.imwrite com.google.zxing.client.j2se.MatrixToImageWriter.writeToPath org.jfree.chart.ChartUtils.saveChartAs* ch.qos.logback.core.FileAppender ch.qos.logback.core.rolling.RollingFileAppender org.apache.logging.log4j.core.appender.FileAppender | write | writes files | path=0
        net.lingala.zip4j.ZipFile.** org.zeroturnaround.zip.ZipUtil.** org.springframework.util.FileSystemUtils.copyRecursively | read,write | reads and writes files
        org.springframework.util.FileSystemUtils.deleteRecursively org.apache.commons.io.file.PathUtils.{delete,deleteDirectory,deleteFile} | delete | removes files
        com.google.common.io.Files.{createTempDir,touch} | write | creates files
        com.google.common.io.Files.move | write,delete | moves a file
        org.eclipse.jgit.api.Git.{cloneRepository,lsRemoteRepository} org.eclipse.jgit.api.Git().{fetch,pull,push} | client | talks to another repository
        org.eclipse.jgit.api.Git.{open,init,cloneRepository} org.eclipse.jgit.storage.file.FileRepositoryBuilder.** | read,write | works on a repository
        cn.hutool.core.io.FileUtil.{readUtf8String,readString,readLines,readBytes,exist,ls,loopFiles} | read | reads files | path=0
        cn.hutool.core.io.FileUtil.{writeUtf8String,writeString,writeBytes,mkdir,touch,copy,appendUtf8String} | write | writes files | path=1
        cn.hutool.core.io.FileUtil.del | delete | removes files | path=0
        okio.FileSystem.SYSTEM.{source,read,list,metadata,exists} | read | reads files | path=0
        okio.FileSystem.SYSTEM.{sink,write,createDirectory,createDirectories,copy} | write | writes files | path=0
        okio.FileSystem.SYSTEM.{delete,deleteRecursively,atomicMove} | delete | removes files | path=0
        io.github.cdimascio.dotenv.** | read,env | reads environment variables from a file
        me.paulschwarz.springdotenv.** | read,env | reads environment variables from a file
        org.benf.cfr.reader.api.CfrDriver.** | read | reads compiled code
        org.jetbrains.java.decompiler.main.decompiler.** org.eclipse.core.resources.ResourcesPlugin.getWorkspace | read,write | works on files
        net.coobird.thumbnailator.Thumbnails.{of,fromFilenames,fromFiles} org.bytedeco.javacv.FFmpegFrameGrabber | read | reads pictures or media | path=0
        org.bytedeco.javacv.FFmpegFrameRecorder | write | writes media | path=0
        org.eclipse.aether.RepositorySystem.** | client,write | fetches artifacts
        // Programs and devices
        com.sun.jna.Native.{load,loadLibrary,register} | none | calls native code | native=0
        org.bytedeco.javacv.OpenCVFrameGrabber | camera | takes pictures
        org.gradle.tooling.** org.apache.maven.shared.invoker.** cn.hutool.core.util.RuntimeUtil.{exec,execForStr,execForLines} org.buildobjects.process.** com.zaxxer.nuprocess.** org.jodconverter.** com.github.kokorin.jaffree.** ws.schild.jave.** net.bramp.ffmpeg.** io.github.bonigarcia.wdm.WebDriverManager.** org.openqa.selenium.safari.** org.openqa.selenium.ie.** com.codeborne.selenide.** io.appium.java_client.service.** | exec | starts programs
        com.github.kokorin.jaffree.** ws.schild.jave.** net.bramp.ffmpeg.** org.jodconverter.** | read,write | reads and writes media or documents
        io.github.bonigarcia.wdm.WebDriverManager.** com.codeborne.selenide.** io.appium.java_client.** | client | drives a browser
        oshi.SystemInfo.** oshi.hardware.** | read | asks the system about itself
        ?.{getProcesses} | process | lists processes | imports=oshi
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
