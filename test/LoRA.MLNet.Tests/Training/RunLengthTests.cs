using LoRA.MLNet.Training;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class RunLengthTests
{
    [TestMethod]
    [DataRow(2000, 63)]
    [DataRow(100, 4)]
    [DataRow(1, 1)]
    public void A_contrastive_stage_comes_before_the_epochs(int rows, int steps)
    {
        Assert.AreEqual(new RunLength(60, 5, steps), RunLength.Of(new TrainingOptions(), rows, contrasts: true));
        Assert.AreEqual(new RunLength(0, 5, steps), RunLength.Of(new TrainingOptions(), rows, contrasts: false));
    }

    [TestMethod]
    public void What_is_asked_for_is_done()
    {
        var options = new TrainingOptions { ContrastiveSteps = 7, Epochs = 2, BatchSize = 8, GradientAccumulationSteps = 2 };
        Assert.AreEqual(new RunLength(7, 2, 2), RunLength.Of(options, 32, contrasts: false));
        Assert.AreEqual((4, 11), (RunLength.Of(options, 32, contrasts: true).EpochSteps, RunLength.Of(options, 32, contrasts: true).Steps));
    }
}
