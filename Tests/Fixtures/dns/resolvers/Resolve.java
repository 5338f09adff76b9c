import java.net.InetAddress;
import java.util.Hashtable;
import javax.naming.directory.InitialDirContext;

/** Looks a name up: `Resolve NAME` with the JVM's usual resolver, `Resolve NAME jndi` with the one of JNDI. */
public class Resolve {
    public static void main(String[] words) throws Exception {
        if (words.length == 1) {
            for (InetAddress address : InetAddress.getAllByName(words[0])) System.out.println(address.getHostAddress());
            return;
        }
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        System.out.println(new InitialDirContext(settings).getAttributes(words[0], new String[] {"A"}));
    }
}
