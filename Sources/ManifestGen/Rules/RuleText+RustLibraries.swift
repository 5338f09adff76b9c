extension RuleText {
    /// Libraries. Source: their documentation on docs.rs.
    static let rustLibraries = """
        // HTTP and other protocols
        elsewhere.Client | client | talks to a service, as the type's name says | called medium
        reqwest.{Client,ClientBuilder,get,blocking}.** reqwest_middleware.** reqwest_eventsource.** ureq.** isahc.** surf.** attohttpc.** minreq.** curl.** hyper.client.** hyper_util.client.** awc.** tokio_tungstenite.{connect_async,connect_async_with_config,client_async}.** tungstenite.{connect,client}.** async_tungstenite.** graphql_client.reqwest.** octocrab.** gitlab.** git_cdn.** wreq.** rquest.** crates_io_api.** | client | sends requests
        ureq.{Error,Response,json}.** isahc.Error.** surf.Error.** curl.Error.** octocrab.{Error,models}.** | none | only names data
        tonic.transport.{Channel,Endpoint}.** tarpc.client.** jsonrpsee.{http_client,ws_client}.** quinn.Endpoint.client async_nats.** rumqttc.** paho_mqtt.** lapin.** rdkafka.** pulsar.** trust_dns_resolver.** hickory_resolver.** ssh2.** russh.** suppaftp.** lettre.** imap.** async_imap.** mail_send.** rspotify.** teloxide.** serenity.** matrix_sdk.** slack_morphism.** twilight_http.** | client | connects to other hosts
        lettre.{Message,message,Address}.** | none | only names data
        axum.serve axum_server.** hyper.{server,Server}.** hyper_util.server.** actix_web.HttpServer.** warp.serve.** rocket.{build,launch,ignite}.** poem.Server.** salvo.{Server,Listener}.** tide.{new,Server}.** tiny_http.Server.** rouille.{start_server,Server}.** tonic.transport.Server.** tokio_tungstenite.accept_async.** tungstenite.accept.** jsonrpsee.server.** warp.{Server}.** | server | listens for connections
        nvim_rs.create.** nvim_oxi.** ldap3.{LdapConn,LdapConnAsync}.** tokio_modbus.client.** opcua.client.** zeromq.** zmq.Context.** rust_socketio.** async_ssh2_tokio.** thrussh.** openssh.{Session,SessionBuilder}.** ftp.FtpStream.** remotefs_ssh.** remotefs_ftp.** snmp.** dns_lookup.** surge_ping.** mdns_sd.** zeroconf.** libp2p.** iroh.** webrtc.** | client | connects to other hosts
        nvim_rs.create.*.{new_child,new_child_cmd} openssh.{Session,SessionBuilder}.** | exec | starts a program
        oci_client.{Client,client}.** oci_distribution.{Client,client}.** google_drive3.** google_sheets4.** google_gmail1.** google_calendar3.** yup_oauth2.** oauth2.reqwest.** roux.** atrium_api.** megalodon.** stripe.** sendgrid.** resend_rs.** twilio.** s3.Bucket.** minio.s3.** cloud_storage.** etcd_client.** consul.** vaultrs.** sentry.init opentelemetry_otlp.** jira_query.** notion_client.** anchor_client.** starknet.providers.** sui_sdk.** near_jsonrpc_client.** bitcoincore_rpc.** electrum_client.** bdk.blockchain.** subxt.** forgejo_api.** gitea_sdk.** crates_index.** tame_index.** docker_api.** podman_api.** dockworker.** virt.connect.** deepgram.** elevenlabs_rs.** langchain_rust.** mistralai_client.** google_ai_rs.** gemini_rust.** anthropic_sdk.** openai.** openrouter_rs.** | client | talks to a service
        sendgrid.error.** stripe.{Currency,Error}.** openai.error.** | none | only names data
        yup_oauth2.{InstalledFlowAuthenticator,InstalledFlowReturnMethod}.** | server | waits for a browser's answer on a port of its own
        docker_credential.** | read | reads credentials
        // Clouds and services
        aws_sdk_*.** aws_config.** google_cloud_*.** azure_*.** gcp_auth.** rusoto_*.** object_store.** opendal.** cloudflare.** | client | talks to a cloud
        aws_config.{load_defaults,load_from_env,from_env,defaults} | read,env | looks for credentials
        async_openai.** openai_api_rs.** ollama_rs.** anthropic.** misanthropy.** genai.** rig.** llm.** | client | asks a language model
        async_openai.{types,error}.** | none | only names data
        async_openai.Client.new async_openai.config.OpenAIConfig.{new,default} | env | reads OPENAI_API_KEY
        kube.{Client,Api,Config}.** k8s_openapi.Client.** | client | talks to a cluster
        kube.Client.try_default kube.Config.{infer,from_kubeconfig} kube.config.** | read,env | reads the settings of a cluster
        bollard.** shiplift.** testcontainers.** | client | talks to Docker
        alloy.providers.** ethers.providers.** solana_client.** web3.** | client | talks to a chain's node
        hf_hub.** fastembed.** | client,write,read | downloads models
        fastembed.{Error}.** | none | only names data
        // Databases
        sqlx.{PgPool,MySqlPool,PgConnection,MySqlConnection,AnyPool,Pool,postgres,mysql}.** sea_orm.Database.** diesel.{PgConnection,MysqlConnection,pg,mysql}.** diesel_async.** tokio_postgres.** postgres.** deadpool_postgres.** mysql.** mysql_async.** tiberius.** mongodb.** redis.** deadpool_redis.** fred.** scylla.** cdrs_tokio.** clickhouse.** neo4rs.** elasticsearch.** opensearch.** qdrant_client.** influxdb.** influxdb2.** meilisearch_sdk.** oracle.** | client | connects to a database
        {sqlx,tokio_postgres,postgres,mysql,mysql_async,mongodb,redis}.{Error,error,Row,types,bson}.** sqlx.postgres.{PgRow,PgColumn}.** | none | only names data
        rusqlite.{Connection,OpenFlags}.** tokio_rusqlite.** sqlx.{SqlitePool,SqliteConnection,sqlite}.** diesel.SqliteConnection.** duckdb.Connection.** sled.{open,Config}.** rocksdb.{DB,Options}.** redb.{Database,Builder}.** heed.{EnvOpenOptions}.** fjall.** lancedb.** tantivy.{Index}.** libsql.** polodb_core.** native_db.** | read,write | keeps data in files | path=0
        rusqlite.{Error,Result,Row,params,types}.** | none | only names data
        bb8_postgres.** bb8_redis.** bb8_tiberius.** r2d2_postgres.** r2d2_redis.** r2d2_mysql.** deadpool_lapin.** surrealdb.** arangors.** couchbase.** milvus.** chromadb.** pinecone_sdk.** typesense_rs.** weaviate_community.** databend_driver.** snowflake_api.** snowflake_connector_rs.** questdb.** prusto.** odbc_api.** valkey.** glide_core.** memcache.** libsql.Builder.new_remote* libsql.Builder.new_synced_database | client | connects to a database
        deadpool_sqlite.** r2d2_sqlite.** async_sqlite.** turso.** datafusion.{prelude.SessionContext,execution}.** pickledb.** jammdb.** persy.** surrealdb.engine.local.** kv.** cacache.** usearch.Index.** hnsw_rs.** | read,write | keeps data in files | path=0
        grammers_client.** grammers_mtsender.** tdlib.** tdlib_rs.** whatsapp_rust.** | client | talks to a chat service
        ?.{download_media,download_media_concurrent} | write | downloads a file | imports=grammers_client
        grammers_session.** | read,write | keeps a session in a file
        limbo.** | read,write | keeps data in files
        plotters.prelude.{BitMapBackend,SVGBackend}.new plotters.backend.{BitMapBackend,SVGBackend}.new plotters_svg.SVGBackend.new | write | draws into a file | path=0
        self_update.** | client,write | fetches a new version of itself
        spider.website.Website.** | client | fetches pages
        pcap.Capture.** pnet.datalink.channel | client | reads packets of the network
        mcplease.session.SessionStore.** | read,write | keeps a session in a file
        polars.prelude.{CsvReader,CsvReadOptions,LazyCsvReader,ParquetReader,JsonReader,IpcReader}.** | read | reads tables | path=0
        polars.prelude.{CsvWriter,ParquetWriter,JsonWriter,IpcWriter}.** | write | writes tables | medium
        // Settings
        dotenvy.{dotenv,from_path,from_filename} dotenv.{dotenv,from_path,from_filename} | read | reads a file of variables
        dotenvy.{dotenv,from_path,from_filename} dotenv.{dotenv,from_path,from_filename} | setenv | takes variables from a file | low
        dotenvy.{dotenv,dotenv_override,from_path,from_filename,from_path_override,from_filename_override} dotenv.{dotenv,from_path,from_filename} | env | takes variables from a file
        dotenvy.{var,vars} dotenv.{var,vars} envy.** envconfig.** config.Environment.** figment.providers.Env.** clap.env env_logger.{init,try_init,from_env,Builder.from_env,Builder.from_default_env} pretty_env_logger.** tracing_subscriber.EnvFilter.{from_default_env,try_from_default_env,from_env,try_from_env} tracing_subscriber.filter.EnvFilter.{from_default_env,try_from_default_env,from_env,try_from_env} tracing_subscriber.fmt.init | env | takes settings from the environment | env=0
        config.File.** figment.providers.{Toml,Json,Yaml}.file confy.load ini.Ini.load_from_file | read | reads a file of settings
        confy.store | write | writes a file of settings
        tracing_appender.{rolling}.** flexi_logger.** fern.log_file log4rs.** simplelog.WriteLogger.** | write | writes a log file
        // Files and documents
        walkdir.WalkDir.new ignore.{WalkBuilder,Walk}.new jwalk.{WalkDir,WalkDirGeneric}.new glob.{glob,glob_with}.** globwalk.** memmap2.** notify.{recommended_watcher,RecommendedWatcher,Watcher}.** {grep.searcher,grep_searcher}.{Searcher,SearcherBuilder}.new globset.read image.open image.ImageReader.open image.io.Reader.open pdf_extract.** lopdf.Document.load calamine.{open_workbook,open_workbook_auto} csv.Reader.from_path csv.ReaderBuilder().from_path infer.get_from_path syn_inline_mod.** cargo_metadata.** cargo_toml.Manifest.from_path file_id.** | read | reads files or folders | path=0
        cargo_metadata.** | exec | starts cargo | medium
        tempfile.** fs_extra.** image.save_buffer csv.Writer.from_path zip.ZipWriter.** tar.Archive().unpack async_zip.tokio.write.** umya_spreadsheet.writer.** rust_xlsxwriter.Workbook().save docx_rs.** file_rotate.** atomicwrites.** fs2.** fs4.** ?.{save_with_format,write_to_file} | write | writes files
        image.DynamicImage().save image.ImageBuffer().save ?.save | write | writes an image | imports=image medium
        zip.ZipArchive().extract zip.ZipArchive.extract ?.unpack | write | unpacks an archive | medium
        trash.** | delete | moves files to the trash
        git2.Repository.{open,discover} gix.{open,discover} | read | reads a repository
        git2.Repository.{clone,init} git2.build.** gix.prepare_clone | write | writes a repository
        git2.Repository.clone git2.build.** git2.Remote().{fetch,push} gix.prepare_clone | client | talks to another repository
        cargo.** | read,write,client,env | does what cargo does
        notify_debouncer_mini.** notify_debouncer_full.** hotwatch.** same_file.** dunce.canonicalize sevenz_rust.{decompress_file,decompress_file_with_password} unrar.Archive.** pdf.file.{File,FileOptions}.** pdfium_render.** docx_rust.DocxFile.from_file umya_spreadsheet.reader.** epub.doc.EpubDoc.** image.image_dimensions id3.Tag.read_from_path lofty.{read_from_path,probe.Probe.open} metaflac.Tag.read_from_path hound.WavReader.open tera.Tera.new minijinja.path_loader whisper_rs.WhisperContext.* vosk.Model.new candle_core.safetensors.load magic.** tree_magic_mini.from_filepath ra_ap_load_cargo.** ra_ap_project_model.** rawler.** libvips.** opencv.imgcodecs.imread leptess.** tesseract.** | read | reads files or folders | path=0
        sevenz_rust.{decompress_file,decompress_file_with_password,compress_to_path} unrar.Archive.** genpdf.Document().render_to_file hound.WavWriter.create xlsxwriter.Workbook.new opencv.imgcodecs.imwrite ?.{render_to_file,write_to_path} | write | writes files
        ?.save | write | writes a document | imports=lopdf
        ?.save | write | writes a document | imports=rust_xlsxwriter
        rustdoc_json.Builder.** cargo_util.** ra_ap_project_model.** | exec | starts programs
        rustdoc_json.Builder.** | read,write | builds documentation
        cargo.ops.** | exec | starts the compiler
        cargo.ops.{clean,CleanOptions} | delete | removes what was built
        // Programs and the machine
        duct.** subprocess.** xshell.cmd cmd_lib.** portable_pty.** pty_process.** expectrl.** rexpect.** shell.** which_exec.** command_group.** process_wrap.** tokio_process.** | exec | starts programs | program=0
        open.{that,that_detached,with,commands} webbrowser.open opener.** | exec | opens a program for it
        which.{which,which_in,which_global,which_all} | read | looks for a program | lookup=0 low
        ?.{unwrap_or,unwrap_or_else} | none | takes what is given when nothing is set | lookup=0
        sysinfo.{System,Disks,Networks,Components}.** procfs.** psutil.** heim.** | read | asks the system about itself
        sysinfo.System.new sysinfo.System() sysinfo.System().{processes,process,refresh_processes,refresh_processes_specifics,processes_by_name,processes_by_exact_name} | none | lists processes
        sysinfo.{System,Process}.** procfs.process.** | process | looks at processes | low
        ?.kill_with sysinfo.Process().kill | process | signals a process
        tmux_interface.** dialoguer.Editor.** edit.{edit,edit_file,edit_with_builder}.** ffmpeg_sidecar.** ffmpeg_cli.** youtube_dl.** yt_dlp.** native_dialog.** run_script.** execute.** bossy.** elevated_command.** daemonize.** deno_task_shell.** brush_core.** | exec | starts programs
        ffmpeg_next.{format.input,format.output}.** ffmpeg_sidecar.** | read,write | reads and writes media
        youtube_dl.** yt_dlp.** | client,write | downloads media
        sysinfo.System.{new_all(),new_with_specifics()} = sysinfo.System()
        sysinfo.System().{processes,process,refresh_processes,refresh_processes_specifics,processes_by_name,processes_by_exact_name} | process | lists processes
        ?.{refresh_processes,refresh_processes_specifics,processes_by_name,processes_by_exact_name} | process | lists processes | imports=sysinfo
        procfs.process.{all_processes,all_processes_with_root,Process.new} psutil.process.** heim.process.** libproc.** netstat2.** active_win_pos_rs.** x_win.** | process | looks at processes
        headless_chrome.** fantoccini.** thirtyfour.** chromiumoxide.** playwright.** | exec,client | drives a browser
        keyring.** | exec | uses the system's key store | low
        libloading.** dlopen.** dlopen2.** | none | loads native code | code=0
        // Desktop and devices
        arboard.Clipboard().{get_text,get_image,get} clipboard_rs.ClipboardContext().get_* clipboard_win.get_clipboard* wl_clipboard_rs.paste.** x11_clipboard.Clipboard().load* copypasta.ClipboardContext().get_contents clipboard.ClipboardContext().get_contents cli_clipboard.get_contents ?.{get_contents} | paste | reads the clipboard
        arboard.Clipboard().{set_text,set_html,set_image,set,clear} clipboard_rs.ClipboardContext().set_* clipboard_win.set_clipboard* wl_clipboard_rs.copy.** x11_clipboard.Clipboard().store copypasta.ClipboardContext().set_contents clipboard.ClipboardContext().set_contents cli_clipboard.set_contents ?.{set_contents} | copy | changes the clipboard
        scap.** screencapturekit.** windows_capture.** core_graphics.display.CGDisplay*.image core_graphics.window.create_image xcap.{Monitor,Window}.** screenshots.** scrap.** captrs.** dxgcap.** win_screenshot.** libwayshot.** | screen | captures the screen
        xcap.{XCapError}.** | none | only names data
        ?.{stringForType,dataForType,pasteboardItems} | paste | reads the clipboard | imports=objc2_app_kit
        ?.{setString_forType,setData_forType,writeObjects,clearContents} | copy | changes the clipboard | imports=objc2_app_kit
        ?.runningApplications | process | looks at running programs | imports=objc2_app_kit medium
        ?.{openURL,openURL_configuration_completionHandler,openApplicationAtURL_configuration_completionHandler} | exec | opens a program | imports=objc2_app_kit
        objc2_foundation.{NSTask,NSAppleScript}.** | exec | starts a program
        objc2_screen_capture_kit.** objc2_core_graphics.{CGWindowListCreateImage,CGDisplayCreateImage} | screen | captures the screen
        objc2_core_location.CLLocationManager.** | location | asks where the machine is
        objc2_core_bluetooth.CBCentralManager.** | bluetooth | uses Bluetooth
        objc2_user_notifications.** | notify | shows notifications
        notify_rust.** winrt_notification.** mac_notification_sys.** tauri_winrt_notification.** libnotify.** winrt_toast.** | notify | shows notifications
        geoclue.** corelocation.** windows.Devices.Geolocation.** | location | asks where the machine is
        nokhwa.** v4l.** rscam.** eye.** | camera | uses the camera
        rodio.{OutputStream,OutputStreamBuilder,Sink,SpatialSink,play}.** quad_snd.** fluidlite.** web_audio_api.** msedge_tts.** kira.** tts.** soloud.** | speaker | plays sound
        ?.{build_input_stream,build_input_stream_raw,default_input_device,input_devices} | microphone | records sound | imports=cpal
        ?.{build_output_stream,build_output_stream_raw,default_output_device,output_devices} | speaker | plays sound | imports=cpal
        cpal.Host().{default_input_device,input_devices} cpal.default_host().{default_input_device,input_devices} | microphone | records sound
        cpal.Host().{default_output_device,output_devices} cpal.default_host().{default_output_device,output_devices} | speaker | plays sound
        libpulse_binding.** libpulse_simple_binding.** pulsectl.** oboe.** portaudio.** alsa.** | microphone,speaker | uses the sound devices | medium
        btleplug.** bluer.** bluest.** bluez_async.** | bluetooth | uses Bluetooth
        serialport.** tokio_serial.** rusb.** hidapi.** nusb.** i2cdev.** spidev.** gpio_cdev.** rppal.** probe_rs.** | read,write | opens a device
        """
}
