using System.Text;
using System.Text.Json.Nodes;
using LoRA.MLNet.Persistence;
using LoRA.MLNet.Tests.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace LoRA.MLNet.Tests.Scoring;

[TestClass]
public sealed class QuantizeTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_report_of_classes_is_what_evaluating_both_models_gives()
    {
        using var model = Multiclass();
        var data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Keys()).Transform(Data());
        using var integers = model.Quantize(data);
        Assert.AreEqual((ScoringPrecision.Float32, ScoringPrecision.Int8), (model.Precision, integers.Precision));
        Assert.IsNull(model.Quantization);
        var report = integers.Quantization!;
        Assert.AreEqual((60L, 60L), (report.Rows, report.LabelledRows));
        var (before, after) = (model.Transform(data), integers.Transform(data));
        Assert.AreEqual(_ml.MulticlassClassification.Evaluate(before).MicroAccuracy, report.Accuracy!.Value, 1e-12);
        Assert.AreEqual(_ml.MulticlassClassification.Evaluate(after).MicroAccuracy, report.QuantizedAccuracy!.Value, 1e-12);
        var (first, second) = (Column<uint>(before, "PredictedLabel"), Column<uint>(after, "PredictedLabel"));
        Assert.AreEqual(first.Zip(second).Average(pair => pair.First == pair.Second ? 1.0 : 0), report.Agreement);
        var differences = Column<float[]>(before, "Score").Zip(Column<float[]>(after, "Score"), (x, y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Max());
        Assert.AreEqual(differences.Max(), report.LargestDifference, 1e-7);
        Assert.IsTrue(report.LargestDifference is > 0 and < 0.1, report.ToString());
        Assert.IsNull(report.RSquared);
    }

    [TestMethod]
    public void Labels_may_be_texts_missing_unknown_or_keys_of_another_order()
    {
        using var model = Multiclass();
        using var texts = model.Quantize(Data());
        var reversed = _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(Data()).Transform(Data());
        using var keys = model.Quantize(reversed);
        Assert.AreEqual(texts.Quantization, keys.Quantization);

        using var some = model.Quantize(Data(i => i % 3 == 0 ? "" : i % 3 == 1 ? "another class" : "a"));
        Assert.AreEqual((60L, 40L), (some.Quantization!.Rows, some.Quantization.LabelledRows));
        Assert.IsLessThanOrEqualTo(0.5, some.Quantization.Accuracy!.Value);

        using var none = model.Quantize(_ml.Data.LoadFromEnumerable(Texts().Select(text => new { Text = text })));
        Assert.AreEqual(0, none.Quantization!.LabelledRows);
        Assert.IsNull(none.Quantization.Accuracy);
        Assert.IsNotNull(none.Quantization.Agreement);
    }

    [TestMethod]
    public void Binary_and_regression_models_have_their_own_figures()
    {
        using var binary = TinyModel.Transformer(_ml, TinyModel.Create(TextTask.Binary));
        var flags = _ml.Data.LoadFromEnumerable(Texts().Select((text, i) => new { Text = text, Label = i % 2 == 0 }).ToArray());
        using var binaryIntegers = binary.Quantize(flags);
        Assert.AreEqual(
            _ml.BinaryClassification.Evaluate(binary.Transform(flags)).Accuracy, binaryIntegers.Quantization!.Accuracy!.Value, 1e-12);
        Assert.IsGreaterThan(0, binaryIntegers.Quantization.LargestDifference);

        using var regression = TinyModel.Transformer(_ml, TinyModel.Create(TextTask.Regression));
        var numbers = _ml.Data.LoadFromEnumerable(Texts().Select((text, i) => new { Text = text, Label = (float)text.Length }).ToArray());
        using var regressionIntegers = regression.Quantize(numbers);
        var report = regressionIntegers.Quantization!;
        Assert.AreEqual(_ml.Regression.Evaluate(regression.Transform(numbers)).RSquared, report.RSquared!.Value, 1e-4);
        Assert.AreEqual(_ml.Regression.Evaluate(regressionIntegers.Transform(numbers)).RSquared, report.QuantizedRSquared!.Value, 1e-4);
        Assert.IsNull(report.Accuracy);
        Assert.IsNull(report.Agreement);
    }

    [TestMethod]
    [DataRow(ModelContents.SelfContained)]
    [DataRow(ModelContents.AdapterOnly)]
    public void Saved_it_loads_in_8_bits_with_its_report(ModelContents contents)
    {
        using var model = Multiclass();
        model.SaveContents = contents;
        using var integers = model.Quantize(Data());
        BaseModels.Register(TinyModel.Base);
        using var loaded = (LoraTextTransformer)new MLContext().Model.Load(new MemoryStream(ModelFileTests.Save(_ml, integers)), out _);
        Assert.AreEqual((ScoringPrecision.Int8, integers.Quantization), (loaded.Precision, loaded.Quantization));
        CollectionAssert.AreEqual(ModelFileTests.Bits(integers.Transform(Data())), ModelFileTests.Bits(loaded.Transform(Data())));
        CollectionAssert.AreNotEqual(ModelFileTests.Bits(model.Transform(Data())), ModelFileTests.Bits(loaded.Transform(Data())));
    }

    [TestMethod]
    public void Another_process_that_references_only_the_scoring_package_scores_in_8_bits()
    {
        using var model = Multiclass();
        using var integers = model.Quantize(Data());
        using var file = new TemporaryFile(ModelFileTests.Save(_ml, integers));
        var (lines, _) = ScoringProcess.Run(file.Path, "-", Texts());
        CollectionAssert.AreEqual(ModelFileTests.Bits(integers.Transform(Data())), lines);
    }

    [TestMethod]
    public void A_file_that_says_nothing_of_precision_loads_in_floats()
    {
        using var model = Multiclass();
        var json = JsonNode.Parse(ModelManifest.Of(model.Model, model.Columns, ModelContents.SelfContained).ToJson())!.AsObject();
        Assert.IsTrue(json.Remove("precision") && json.Remove("quantization"));
        Assert.AreEqual(ScoringPrecision.Float32, ModelManifest.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "lora.json").Precision);
        json["precision"] = "Int4";
        Assert.ThrowsExactly<LoRA.MLNet.Checkpoints.CheckpointFormatException>(
            () => ModelManifest.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "lora.json"));
    }

    [TestMethod]
    public void A_pipeline_is_quantized_as_a_whole()
    {
        using var text = Multiclass();
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Keys());
        var chain = keys.Append(text).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(text.Transform(keys.Transform(Data()))));
        using var integers = chain.Quantize(Data());
        var part = integers.OfType<LoraTextTransformer>().Single();
        Assert.AreEqual(60, part.Quantization!.LabelledRows);
        Assert.AreEqual(part.Quantization.Agreement, Column<string>(chain.Transform(Data()), "PredictedLabel")
            .Zip(Column<string>(integers.Transform(Data()), "PredictedLabel")).Average(pair => pair.First == pair.Second ? 1.0 : 0));

        using var engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(integers, Data().Schema);
        Assert.HasCount(3, engine.Predict(new Row { Text = "hello abc" }).Score);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => new TransformerChain<ITransformer>(keys).Quantize(Data())).Message, "LoraTextTransformer");
    }

    [TestMethod]
    public void An_onnx_file_of_it_multiplies_integers()
    {
        using var folder = new TemporaryFolder();
        using var model = Multiclass();
        using var integers = model.Quantize(Data());
        model.SaveOnnx(folder["floats.onnx"]);
        integers.SaveOnnx(folder["integers.onnx"]);
        Assert.IsFalse(Holds(folder["floats.onnx"], "MatMulInteger"));
        Assert.IsTrue(Holds(folder["integers.onnx"], "MatMulInteger"));
        using var session = new InferenceSession(folder["integers.onnx"]);
        CollectionAssert.Contains(session.OutputNames.ToArray(), "logits");
    }

    [TestMethod]
    public void Each_model_is_disposed_by_itself_and_mistakes_are_named()
    {
        var model = Multiclass();
        using var integers = model.Quantize(Data());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => integers.Quantize(Data())).Message, "already");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => model.Quantize(_ml.Data.LoadFromEnumerable<Row>([]))).Message, "no rows");
        var numbers = _ml.Data.LoadFromEnumerable([new { Text = "a", Label = 1.5f }]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Quantize(numbers)).Message, "keys or texts");
        model.Dispose();
        Assert.HasCount(60, Column<float[]>(integers.Transform(Data()), "Score"));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Quantize(Data()));
    }

    private LoraTextTransformer Multiclass() =>
        TinyModel.Transformer(_ml, TinyModel.Create(TextTask.Multiclass, labels: FakeModel.TextLabels("c", "a", "b")));

    private static string[] Texts() => [.. Message.Many(60).Select(message => message.Text!)];

    private IDataView Data(Func<int, string>? label = null) => _ml.Data.LoadFromEnumerable(
        Texts().Select((text, i) => new Row { Text = text, Label = label?.Invoke(i) ?? "abc"[i % 3].ToString() }).ToArray());

    // labels in the order of the model's classes
    private IDataView Keys() => _ml.Data.LoadFromEnumerable(new[] { "c", "a", "b" }.Select(label => new Row { Text = label, Label = label }).ToArray());

    private static T[] Column<T>(IDataView view, string name) => [.. view.GetColumn<T>(name)];

    private static bool Holds(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
