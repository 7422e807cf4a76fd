package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRatesTest {
  private static SGD of(double first, double second) {
    return SGD.ofGroups(
        List.of(
            ParamGroup.of(List.of(Tensor.zeros(1).setRequiresGrad(true))),
            ParamGroup.of(
                List.of(Tensor.zeros(2).setRequiresGrad(true)), SGD.options().lr(second))),
        SGD.options().lr(first));
  }

  @Test
  void groupsKeepTheirRatio() {
    var optimizer = of(1e-3, 1e-2);
    var rates = new GroupRates(optimizer);
    rates.set(0.5);
    rates.set(0.25);
    assertThat(optimizer.groups()).extracting(ParamGroup::lr).containsExactly(0.25, 2.5);
  }

  @Test
  void equalGroupsAndARateOfZeroStayEqual() {
    for (var optimizer : List.of(of(0.1, 0.1), of(0, 0.1))) {
      new GroupRates(optimizer).set(0.3);
      assertThat(optimizer.groups()).extracting(ParamGroup::lr).containsExactly(0.3, 0.3);
    }
  }
}
