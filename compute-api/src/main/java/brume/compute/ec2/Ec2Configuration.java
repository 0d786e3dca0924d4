package brume.compute.ec2;

import brume.compute.ec2.shape.TypeSettings;
import brume.compute.ec2.signature.SignatureCheck;
import brume.compute.region.RegionSettings;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Where the door stands: beside the REST door, with servlets of its own.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RegionSettings.class, TypeSettings.class})
class Ec2Configuration {
  @Bean
  ServletRegistrationBean<Ec2Servlet> ec2(SignatureCheck signatures, Ec2Door door, StsDoor sts) {
    return registered("ec2", new Ec2Servlet(signatures, door, sts, false));
  }

  @Bean
  ServletRegistrationBean<Ec2Servlet> sts(SignatureCheck signatures, Ec2Door door, StsDoor sts) {
    return registered("sts", new Ec2Servlet(signatures, door, sts, true));
  }

  @Bean
  FilterRegistrationBean<Ec2RootFilter> ec2AtRoot(
      @Qualifier("ec2") ServletRegistrationBean<Ec2Servlet> ec2) {
    return new FilterRegistrationBean<>(
        new Ec2RootFilter(Objects.requireNonNull(ec2.getServlet())));
  }

  private static ServletRegistrationBean<Ec2Servlet> registered(String name, Ec2Servlet servlet) {
    ServletRegistrationBean<Ec2Servlet> bean =
        new ServletRegistrationBean<>(servlet, "/" + name, "/" + name + "/*");
    bean.setName(name);
    return bean;
  }
}
