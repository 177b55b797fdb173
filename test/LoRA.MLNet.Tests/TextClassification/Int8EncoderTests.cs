using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Onnx;
using LoRA.MLNet.Tests.Distillation;
using LoRA.MLNet.Tests.Persistence;
using LoRA.MLNet.Tokenization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace LoRA.MLNet.Tests.TextClassification;

/// <summary>An encoder that is stored in 8 bits, wherever one that is not may stand.</summary>
[TestClass, DoNotParallelize]
public sealed class Int8EncoderTests
{
    private const string WordEmbedding = "bert.embeddings.word_embeddings.weight";
    private static readonly TrainingOptions s_training = new() { Epochs = 2, BatchSize = 8, LearningRate = 1e-2, Threads = 1 };
    private static readonly PretrainingOptions s_pretraining = new() { BatchTokens = 256, Tokens = 2_000, Threads = 1 };

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(TrainingPrecision.Float32)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Is_fine_tuned_scored_saved_and_exported(TrainingPrecision precision)
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        var encoder = Stored(folder["base"]);
        using var model = Fit(encoder, data, precision);
        var expected = ModelFileTests.Bits(model.Transform(data));

        using var loaded = Load(model, data);
        CollectionAssert.AreEqual(expected, ModelFileTests.Bits(loaded.Transform(data)));
        Assert.AreEqual(ElementType.Int8, loaded.Model.Weights[WordEmbedding].Type);
        Assert.AreEqual(ElementType.Float32, loaded.Model.Weights["bert.encoder.layer.0.attention.self.query.weight"].Type);

        model.SaveContents = ModelContents.AdapterOnly;
        BaseModels.Register(encoder);
        using var small = Load(model, data);
        CollectionAssert.AreEqual(expected, ModelFileTests.Bits(small.Transform(data)));

        model.SaveMerged(folder["merged"]);
        Assert.IsTrue(SafetensorsFile.Read(folder["merged/model.safetensors"]).Values.All(weight => weight.Type == ElementType.Float32));
        StringAssert.Contains(File.ReadAllText(folder["merged/config.json"]), "\"float32\"");
        using var merged = PretrainedClassifier.FromFolder(_ml, folder["merged"], maxLength: model.MaxLength);
        CollectionAssert.AreEqual(expected, ModelFileTests.Bits(merged.Transform(data)));

        model.SaveOnnx(folder["model.onnx"]);
        Assert.IsGreaterThan(1000, new FileInfo(folder["model.onnx"]).Length);
    }

    [TestMethod]
    public void Trains_from_the_numbers_that_the_integers_stand_for()
    {
        using var folder = new TemporaryFolder();
        var encoder = Stored(folder["base"]);
        encoder.Save(folder["plain"], WeightStorage.Float32);
        var data = Data();
        using var model = Fit(encoder, data, TrainingPrecision.Float32);
        using var plain = Fit(PretrainedEncoder.FromFolder(folder["plain"]), data, TrainingPrecision.Float32);
        CollectionAssert.AreEqual(ModelFileTests.Bits(plain.Transform(data)), ModelFileTests.Bits(model.Transform(data)));
    }

    [TestMethod]
    public void Hidden_states_stay_close()
    {
        using var folder = new TemporaryFolder();
        var encoder = TinyTeacher.Create();
        var (exact, stored) = (Logits(encoder), Logits(Stored(folder["base"])));
        var largest = exact.Max(Math.Abs);
        for (var i = 0; i < exact.Length; i++)
        {
            Assert.AreEqual(exact[i], stored[i], 0.03 * largest);
        }

        CollectionAssert.AreNotEqual(exact, stored);
    }

    [TestMethod]
    public void Is_adapted_to_texts_and_then_stored_in_16_bits()
    {
        using var folder = new TemporaryFolder();
        var options = new EncoderAdaptationOptions { Training = s_pretraining };
        var adapted = Stored(folder["base"]).AdaptTo(TinyTeacher.Texts, folder["adapted"], options).Encoder;
        Assert.IsTrue(adapted.Weights.Values.All(weight => weight.Type == ElementType.Float16));
    }

    [TestMethod]
    public void Teaches_and_is_trained_further()
    {
        using var folder = new TemporaryFolder();
        var teacher = Stored(folder["base"]);
        var options = new EncoderDistillationOptions { VocabularySize = null, Layers = 2, Storage = WeightStorage.Int8, Training = s_pretraining };
        var student = EncoderDistillation.Run(teacher, TinyTeacher.Texts, folder["student"], options).Encoder;
        Assert.AreEqual(ElementType.Int8, student.Weights[WordEmbedding].Type);
        var further = EncoderDistillation.Run(teacher, TinyTeacher.Texts, folder["further"], options with { Start = student });
        Assert.IsGreaterThan(0.3, further.HeldOutAtStart!.Value);
    }

    private static PretrainedEncoder Stored(string folder)
    {
        TinyTeacher.Create().Save(folder, WeightStorage.Int8);
        var encoder = PretrainedEncoder.FromFolder(folder);
        Assert.AreEqual(ElementType.Int8, encoder.Weights[WordEmbedding].Type);
        return encoder;
    }

    private static float[] Logits(PretrainedEncoder encoder)
    {
        using var scorer = OnnxTextScorer.Create(encoder.Encoder, encoder.Weights, 2, encoder.Pooling, new OnnxSettings());
        var text = new TextEncoder(encoder.Tokenizer, 32);
        var rows = TinyTeacher.Texts.Take(20).Select(one => text.Encode(one.AsMemory())).ToArray();
        var logits = new float[rows.Length * 2];
        scorer.Score(rows, logits);
        return logits;
    }

    private LoraTextTransformer Fit(PretrainedEncoder encoder, IDataView data, TrainingPrecision precision)
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        return _ml.MulticlassClassification.Trainers.LoraTextClassification(
            new LoraTextOptions { Encoder = encoder, MaxLength = 32, Training = s_training with { Precision = precision } }).Fit(keyed);
    }

    private static LoraTextTransformer Load(LoraTextTransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        var ml = new MLContext();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        return (LoraTextTransformer)ml.Model.Load(file, out _);
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable(
        TinyTeacher.Texts.Take(48).Select((text, i) => new { Text = text, Label = i % 2 == 0 ? "even" : "odd" }).ToArray());
}
