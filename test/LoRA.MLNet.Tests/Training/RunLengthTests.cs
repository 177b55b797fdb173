using LoRA.MLNet.Training;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class RunLengthTests
{
    [TestMethod]
    [DataRow(2000, 0, 5, 63)]
    [DataRow(100, 0, 5, 4)]
    [DataRow(99, 60, 1, 4)]
    [DataRow(1, 60, 1, 1)]
    public void Few_rows_get_a_contrastive_stage_and_one_epoch(int rows, int contrastive, int epochs, int steps)
    {
        Assert.AreEqual(new RunLength(contrastive, epochs, steps), RunLength.Of(new TrainingOptions(), rows, contrasts: true));
        Assert.AreEqual(new RunLength(0, 5, steps), RunLength.Of(new TrainingOptions(), rows, contrasts: false));
    }

    [TestMethod]
    public void What_is_asked_for_is_done()
    {
        var options = new TrainingOptions { ContrastiveSteps = 7, Epochs = 2, BatchSize = 8, GradientAccumulationSteps = 2 };
        Assert.AreEqual(new RunLength(7, 2, 2), RunLength.Of(options, 32, contrasts: false));
        Assert.AreEqual(4, RunLength.Of(options, 32, contrasts: true).Steps);
    }
}
