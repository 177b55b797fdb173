using LoRA.MLNet.Encoders;

namespace LoRA.MLNet.Tests.Distillation;

[TestClass]
public sealed class EncoderDistillationTests
{
    private static readonly PretrainedEncoder s_teacher = TinyTeacher.Create();

    private static readonly EncoderDistillationOptions s_options = new()
    {
        VocabularySize = 60,
        Layers = 2,
        Storage = WeightStorage.Float32,
        Training = new() { BatchTokens = 256, Tokens = 20_000, LearningRate = 3e-3, Threads = 1, Precision = TrainingPrecision.Float32 },
    };

    private static readonly EncoderDistillationOptions s_shortOptions = s_options with { Training = s_options.Training with { Tokens = 8_000 } };

    [TestMethod]
    public void A_student_comes_near_its_teacher_and_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var steps = new List<PretrainingProgress>();
        var report = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, folder.Path, s_options, new Steps(steps.Add));
        Assert.IsGreaterThan(0.9, report.HeldOut!.Value);
        Assert.IsGreaterThan(report.HeldOutAtStart!.Value + 0.1, report.HeldOut!.Value);
        Assert.IsGreaterThanOrEqualTo(20_000, report.Tokens);
        Assert.AreEqual(report.Steps, steps.Count);
        Assert.AreEqual((1.0, TimeSpan.Zero, report.Tokens), (steps[^1].Fraction, steps[^1].TimeLeft, steps[^1].Tokens));
        Assert.IsLessThan(steps[0].Loss, steps[^1].Loss);
        string[] files = ["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "tokenizer.json"];
        CollectionAssert.AreEquivalent(
            files, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).ToArray());

        var student = PretrainedEncoder.FromFolder(folder.Path);
        Assert.AreEqual(("bert", 2, 16, 60, Pooling.Mean), (student.ModelType, student.Layers, student.HiddenSize, student.VocabularySize, student.Pooling));
        Assert.IsEmpty(student.LoadReport.Unexpected);
    }

    [TestMethod]
    [DataRow("bert")]
    [DataRow("electra")]
    [DataRow("roberta")]
    [DataRow("distilbert")]
    public void A_student_of_all_layers_is_its_teacher(string family)
    {
        using var folder = new TemporaryFolder();
        var options = s_options with { VocabularySize = null, Layers = 4, Training = s_options.Training with { Tokens = 1 } };
        var report = EncoderDistillation.Run(TinyTeacher.Create(family), TinyTeacher.Texts, folder.Path, options);
        Assert.AreEqual(1, report.HeldOutAtStart!.Value, 1e-5);
        Assert.AreEqual(1, report.Steps);
    }

    [TestMethod]
    [DataRow("mpnet")]
    [DataRow("albert")]
    public void Other_families_teach_too(string family)
    {
        using var folder = new TemporaryFolder();
        var report = EncoderDistillation.Run(TinyTeacher.Create(family), TinyTeacher.Texts, folder.Path, s_shortOptions);
        Assert.IsGreaterThan(report.HeldOutAtStart!.Value, report.HeldOut!.Value);
    }

    [TestMethod]
    public void A_narrower_student_learns_through_a_projection()
    {
        using var folder = new TemporaryFolder();
        var report = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, folder.Path, s_shortOptions with { Width = 8, Heads = 2, Storage = WeightStorage.Int8 });
        Assert.IsGreaterThan(report.HeldOutAtStart!.Value + 0.1, report.HeldOut!.Value);
        Assert.AreEqual(8, PretrainedEncoder.FromFolder(folder.Path).HiddenSize);
    }

    [TestMethod]
    [DataRow(TrainingPrecision.Float32)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Interrupted_and_continued_is_the_same_to_the_bit(TrainingPrecision precision)
    {
        var options = s_options with { Training = s_options.Training with { Precision = precision, Tokens = 4_500 } };
        using var straight = new TemporaryFolder();
        var report = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, straight.Path, options);
        Assert.IsGreaterThanOrEqualTo(20, report.Steps);

        using var broken = new TemporaryFolder();
        using var interruption = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => EncoderDistillation.Run(
            s_teacher, TinyTeacher.Texts, broken.Path, options, new Steps(step => CancelAt(10, step, interruption)), interruption.Token));
        Assert.IsFalse(File.Exists(broken["config.json"]));
        var continued = new List<PretrainingProgress>();
        var second = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, broken.Path, options, new Steps(continued.Add));
        Assert.AreEqual(11, continued[0].Step);
        Assert.AreEqual((report.Steps, report.Tokens, report.HeldOutAtStart, report.HeldOut), (second.Steps, second.Tokens, second.HeldOutAtStart, second.HeldOut));
        CollectionAssert.AreEqual(File.ReadAllBytes(straight["model.safetensors"]), File.ReadAllBytes(broken["model.safetensors"]));
        Assert.IsFalse(File.Exists(broken["training.safetensors"]));
    }

    [TestMethod]
    public void A_checkpoint_is_continued_with_its_own_options_only()
    {
        using var folder = new TemporaryFolder();
        using var interruption = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => EncoderDistillation.Run(
            s_teacher, TinyTeacher.Texts, folder.Path, s_options, new Steps(step => CancelAt(2, step, interruption)), interruption.Token));
        var other = s_options with { SentenceWeight = 1 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, folder.Path, other));
        StringAssert.Contains(error.Message, "training.safetensors");
        Assert.ThrowsExactly<InvalidOperationException>(() => EncoderDistillation.Run(s_teacher, [.. TinyTeacher.Texts, "more"], folder.Path, s_options));
        var longer = s_options with { Training = s_options.Training with { Tokens = 2_000 } };
        Assert.IsGreaterThan(2, EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, folder.Path, longer).Steps);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, folder.Path, s_options));
        StringAssert.Contains(error.Message, "holds a model already");
    }

    [TestMethod]
    public void A_student_is_trained_further()
    {
        using var first = new TemporaryFolder();
        var options = s_options with { Training = s_options.Training with { Tokens = 3_000 } };
        var report = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, first.Path, options);
        using var second = new TemporaryFolder();
        options = options with { Start = PretrainedEncoder.FromFolder(first.Path), Training = options.Training with { Tokens = null } };
        var further = EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, second.Path, options);
        Assert.AreEqual(report.HeldOut!.Value, further.HeldOutAtStart!.Value, 1e-5);
        Assert.AreEqual(1, further.Epochs, 0.01);
    }

    [TestMethod]
    public void Lists_every_wrong_option()
    {
        var options = new EncoderDistillationOptions { TeacherLayers = [0, 4], InnerTeacherLayer = 9, Width = 0 };
        var error = Assert.ThrowsExactly<ArgumentException>(() => EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, "unused", options));
        foreach (var text in (string[])["TeacherLayers must be one or more from 0 to 3, found 0, 4", "InnerTeacherLayer", "Width must be above 0"])
        {
            StringAssert.Contains(error.Message, text);
        }

        options = new() { Training = new() { Tokens = 0, Minutes = -1, MaxLength = 2 } };
        error = Assert.ThrowsExactly<ArgumentException>(() => EncoderDistillation.Run(s_teacher, TinyTeacher.Texts, "unused", options));
        StringAssert.Contains(error.Message, "Tokens must be above 0, found 0. Minutes must be above 0, found -1. MaxLength must be above 2");
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentException>(() => EncoderDistillation.Run(s_teacher, [], folder.Path));
    }

    private static void CancelAt(int step, PretrainingProgress progress, CancellationTokenSource source)
    {
        if (progress.Step == step)
        {
            source.Cancel();
        }
    }

    private sealed class Steps(Action<PretrainingProgress> seen) : IProgress<PretrainingProgress>
    {
        public void Report(PretrainingProgress value) => seen(value);
    }
}
