using LoRA.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace LoRA.MLNet.Tests.Training;

/// <summary>The contrastive first stage: its loss, its batches, what it changes and what it leaves.</summary>
[TestClass]
public sealed class ContrastiveTests
{
    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 1, BatchSize = 60, LearningRate = 1e-2, Seed = 5, Threads = 1, Precision = TrainingPrecision.Float32, ContrastiveSteps = 20,
    };

    [TestMethod]
    public void The_loss_is_that_of_its_paper()
    {
        double[][] features = [[1, 2], [2, -1], [0.5, 3], [-1, 1], [4, 1]];
        long[] classes = [0, 1, 0, 1, 2];
        var (expected, rows) = (0.0, 0);
        for (var i = 0; i < classes.Length; i++)
        {
            var positives = Others(i).Where(j => classes[j] == classes[i]).ToArray();
            var all = Others(i).Sum(j => Math.Exp(Cosine(features[i], features[j]) / 0.5));
            expected -= positives.Select(j => (Cosine(features[i], features[j]) / 0.5) - Math.Log(all)).DefaultIfEmpty(0).Average();
            rows += Math.Min(1, positives.Length);
        }

        using var scope = torch.NewDisposeScope();
        var x = torch.tensor([.. features.SelectMany(row => row).Select(value => (float)value)], [5, 2]);
        Assert.AreEqual(expected / rows, ContrastiveLoss.Of(x, torch.tensor(classes), 0.5).item<float>(), 1e-5);
        Assert.AreEqual(0, ContrastiveLoss.Of(x, torch.arange(5), 0.5).item<float>(), "without a pair");

        IEnumerable<int> Others(int row) => Enumerable.Range(0, classes.Length).Where(other => other != row);
    }

    [TestMethod]
    [DataRow(2, 40, 32)]
    [DataRow(3, 2, 6)]
    [DataRow(6, 16, 30)]
    [DataRow(77, 8, 32)]
    [DataRow(5, 1, 5)]
    public void Every_row_of_a_batch_has_one_of_its_class_where_there_are_two(int classes, int perClass, int expected)
    {
        var rows = Enumerable.Range(0, classes * perClass).Select(row => new TrainingRow(new([row], [], false), row % classes)).ToArray();
        var batches = new ClassBatches(rows, 32, new Random(1));
        var seen = new HashSet<TrainingRow>();
        for (var i = 0; i < 100; i++)
        {
            var batch = batches.Next();
            Assert.HasCount(expected, batch);
            Assert.HasCount(expected, batch.Distinct().ToArray());
            Assert.IsTrue(batch.CountBy(row => row.Target).All(count => count.Value >= Math.Min(2, perClass)));
            seen.UnionWith(batch);
        }

        Assert.HasCount(rows.Length, seen);
    }

    [TestMethod]
    public void Draws_the_features_of_a_class_together()
    {
        // the one step after the stage is the first of a warm-up, so it changes nothing and its loss is that of the start
        var options = s_options with { Dropout = false, LearningRate = 3e-3, WarmupFraction = 0.5 };
        var input = TinyModel.Headless(new FullFineTuning());
        var plain = TrainingLoop.Run(options with { ContrastiveSteps = 0 }, input).Report;
        var drawn = TrainingLoop.Run(options with { ContrastiveSteps = 100 }, input).Report;
        Assert.IsLessThan(plain.Epochs[0].Loss / 2, drawn.Epochs[0].Loss);
        Assert.AreEqual((100, 1), (drawn.ContrastiveSteps, drawn.Steps));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_bits()
    {
        var (first, second) = (Run(s_options).Weights, Run(s_options).Weights);
        Assert.IsTrue(first.All(entry => entry.Value.Data.Span.SequenceEqual(second[entry.Key].Data.Span)));
    }

    [TestMethod]
    public void Is_the_default_for_few_single_texts_with_a_new_head()
    {
        var options = s_options with { ContrastiveSteps = null };
        Assert.AreEqual(60, Run(options).Report.ContrastiveSteps);
        Assert.AreEqual(0, TrainingLoop.Run(options, TinyModel.Headless() with { ArePairs = true }).Report.ContrastiveSteps, "pairs");
        Assert.AreEqual(0, TrainingLoop.Run(options, TinyModel.Input()).Report.ContrastiveSteps, "a head of the checkpoint");
        Assert.AreEqual(0, TrainingLoop.Run(options, TinyModel.Headless(new HeadFineTuning())).Report.ContrastiveSteps, "a frozen encoder");
        var many = TinyModel.Headless() with { Rows = TinyModel.Rows(300, seed: 1) };
        Assert.AreEqual(0, TrainingLoop.Run(options, many).Report.ContrastiveSteps, "100 rows a class");
    }

    [TestMethod]
    public void Is_not_the_default_where_the_encoder_does_not_tell_the_classes_apart()
    {
        var reports = Enumerable.Range(0, 10).Select(ByChance).ToArray();
        Assert.IsLessThanOrEqualTo(2, reports.Count(report => report.ContrastiveSteps > 0));

        static TrainingReport ByChance(int seed)
        {
            var (random, input) = (new Random(seed), TinyModel.Headless() with { Rows = TinyModel.Rows(240, seed: 1) });
            return TrainingLoop.Run(
                s_options with { ContrastiveSteps = null },
                input with { Rows = [.. input.Rows.Select(row => row with { Target = random.Next(TinyModel.Classes) })] }).Report;
        }
    }

    [TestMethod]
    public void Tells_its_steps_before_those_of_the_epochs()
    {
        var seen = new List<TrainingProgress>();
        TrainingLoop.Run(s_options with { Epochs = 2, BatchSize = 30 }, TinyModel.Headless(), new Recorder(seen));
        CollectionAssert.AreEqual(Enumerable.Range(1, 24).ToArray(), seen.Select(progress => progress.Step).ToArray());
        CollectionAssert.AreEqual(
            new[] { (0, 20, true), (1, 22, true), (2, 24, true) },
            seen.Where(progress => progress.EndsEpoch).Select(progress => (progress.Epoch, progress.Step, progress.EndsEpoch)).ToArray());
        Assert.IsTrue(seen.All(progress => progress.Steps == 24 && progress.RowsPerSecond > 0));
        Assert.AreEqual(TimeSpan.Zero, seen[^1].TimeLeft);
    }

    [TestMethod]
    public void Stops_when_cancelled_or_diverged_and_leaves_no_tensor()
    {
        Run(s_options);
        var before = torch.Tensor.TotalCount;
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainingLoop.Run(s_options with { ContrastiveSteps = 1_000_000 }, TinyModel.Headless(), null, source.Token));
        var error = Assert.ThrowsExactly<TrainingDivergedException>(() => Run(s_options with { LearningRate = 1e30, MaxGradNorm = null }));
        Assert.AreEqual(0, error.Epoch);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void Says_where_it_is_of_no_use()
    {
        var regression = TinyModel.Input(task: TrainingTask.Regression);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TrainingLoop.Run(s_options, regression)).Message, "ContrastiveSteps");
        var frozen = TinyModel.Headless(new HeadFineTuning());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TrainingLoop.Run(s_options, frozen)).Message, "ContrastiveSteps");
    }

    private static TrainingResult Run(TrainingOptions options) => TrainingLoop.Run(options, TinyModel.Headless());

    private sealed class Recorder(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    private static double Cosine(double[] x, double[] y) =>
        x.Zip(y, (a, b) => a * b).Sum() / Math.Sqrt(x.Sum(a => a * a) * y.Sum(b => b * b));
}
