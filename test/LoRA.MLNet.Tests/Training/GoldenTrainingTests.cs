using System.Text.Json;
using System.Text.Json.Nodes;
using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Tests.Torch;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using TorchSharp;

namespace LoRA.MLNet.Tests.Training;

[TestClass]
public sealed class GoldenTrainingTests
{
    private const double RelativeTolerance = 1e-4;
    private const float ProbeTolerance = 1e-3f;

    public static IEnumerable<object[]> Runs => SharedFolder.Folders(SharedFolder.Golden, "train");

    [TestMethod, TestCategory("Golden"), DynamicData(nameof(Runs))]
    public void Every_step_equals_the_reference(string name)
    {
        var folder = SharedFolder.Require(SharedFolder.Golden, "train", name);
        Follow(folder, checkpointing: false);
    }

    [TestMethod, TestCategory("Golden"), DynamicData(nameof(Runs))]
    public void Every_step_equals_the_reference_when_layers_are_computed_again(string name)
    {
        var folder = SharedFolder.Require(SharedFolder.Golden, "train", name);
        Follow(folder, checkpointing: true);
    }

    private static void Follow(string folder, bool checkpointing)
    {
        var encoder = GoldenEncoder.Read(Path.Combine(folder, "base"));
        var setting = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!.AsObject();
        var run = new GoldenTensors(Path.Combine(folder, "run.safetensors"));
        var outputs = run.Shape("probe.logits")[1];
        var inventory = ModuleInventory.Of(encoder, outputs, Pooling.Family);
        var weights = new GoldenTensors(Path.Combine(folder, "base", "model.safetensors")).All;
        var adaptation = AdaptationOf(folder, setting, inventory, weights);
        var options = OptionsOf(setting);

        using var threads = TorchThreads.Hold(1);
        using var fast = FastFloat32.Hold();
        using var torchWeights = new TorchWeights(weights, adaptation.Weights, torch.ScalarType.Float32, torch.CPU);
        var plus = setting["plus"]?.GetValue<double>() ?? 1;
        using var optimizer = new AdamW(
            ParameterGroup.Of(torchWeights.Trainable, inventory, options, plus), options.Beta1, options.Beta2, options.Epsilon);
        var classWeights = setting["class_weights"]?.AsArray().Select(weight => weight!.GetValue<float>()).ToArray();
        using var loss = new LossFunction(TrainingTask.Classification, options.LabelSmoothing, classWeights, torch.CPU);
        var model = new TorchModel(encoder, outputs, Pooling.Family, torchWeights, adaptation, dropout: null, checkpointing);
        var step = new TrainingStep(
            encoder, batch => loss.Of(model.Logits(batch.Inputs, training: true, batch.Packing), batch.Targets), optimizer,
            TrainingTask.Classification, options.MaxGradNorm, torch.CPU);

        Assert.AreEqual(
            setting["trainable_parameters"]!.GetValue<long>(), torchWeights.Trainable.Values.Sum(parameter => parameter.numel()));
        CompareSteps(run, step, ScheduleOf(setting), options.GradientAccumulationSteps);
        CompareProbe(run, model);
    }

    private static void CompareSteps(GoldenTensors run, TrainingStep step, LearningRateSchedule schedule, int accumulate)
    {
        var (losses, norms) = (run.Doubles("loss"), run.Doubles("grad_norm"));
        for (var i = 0; i < losses.Length; i++)
        {
            var batches = Enumerable.Range(i * accumulate, accumulate).Select(k => RowsOf(run, k)).ToArray();
            var (loss, norm) = step.Run(batches, schedule.At(i));
            Assert.AreEqual(losses[i], loss, RelativeTolerance * Math.Abs(losses[i]), $"loss of step {i}");
            Assert.AreEqual(norms[i], norm, RelativeTolerance * Math.Abs(norms[i]), $"gradient norm of step {i}");
        }
    }

    private static void CompareProbe(GoldenTensors run, TorchModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var logits = model.Logits(GoldenEncoder.Inputs(run, "probe."), training: false);
        GoldenEncoder.AssertClose(run.Floats("probe.logits"), logits.data<float>().ToArray(), ProbeTolerance, "probe.logits");
    }

    private static IReadOnlyList<TrainingRow> RowsOf(GoldenTensors run, int batch)
    {
        var (ids, mask, labels) = (run.Integers($"input_ids.{batch}"), run.Integers($"attention_mask.{batch}"), run.Integers($"labels.{batch}"));
        var length = ids.Length / labels.Length;
        return [.. labels.Select((label, row) =>
        {
            var tokens = (int)mask.AsSpan(row * length, length).ToArray().Sum();
            var types = run.Has($"token_type_ids.{batch}")
                ? run.Integers($"token_type_ids.{batch}").Skip(row * length).Take(tokens).Select(type => (int)type).ToArray()
                : [];
            return new TrainingRow(new TokenIds([.. ids.Skip(row * length).Take(tokens).Select(id => (int)id)], types, false), label);
        })];
    }

    private static Adaptation AdaptationOf(
        string folder, JsonObject setting, ModuleInventory inventory, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        var adapter = Path.Combine(folder, "adapter-init");
        if (!Directory.Exists(adapter))
        {
            FineTuningMethod method = setting["only"]?.GetValue<string>() switch
            {
                null => new FullFineTuning(),
                "bias" => new BiasFineTuning(),
                "classifier" => new HeadFineTuning(),
                var other => throw new JsonException($"only \"{other}\""),
            };
            return method.Prepare(inventory, weights, seed: 0);
        }

        var config = Path.Combine(adapter, LoraConfigFile.FileName);
        var options = LoraConfigFile.Read(JsonNode.Parse(File.ReadAllText(config))!.AsObject(), config);
        var values = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, value) in new GoldenTensors(Path.Combine(adapter, "adapter_model.safetensors")).All)
        {
            if (PeftKeys.FromFile(name, adapter) is { } key)
            {
                values[key] = PeftKeys.Reorient(key, value);
            }
        }

        return LoraAdaptation.Continue(options, inventory, values, adapter);
    }

    private static TrainingOptions OptionsOf(JsonObject setting) => new()
    {
        LearningRate = setting["lr"]!.GetValue<double>(),
        WeightDecay = setting["weight_decay"]?.GetValue<double>() ?? 0,
        MaxGradNorm = setting["clip"]?.GetValue<double>(),
        GradientAccumulationSteps = setting["accumulate"]?.GetValue<int>() ?? 1,
        LabelSmoothing = setting["smoothing"]?.GetValue<double>() ?? 0,
    };

    private static LearningRateSchedule ScheduleOf(JsonObject setting)
    {
        var decay = setting["schedule"]?.GetValue<string>() switch
        {
            "linear" => LearningRateDecay.Linear,
            "cosine" => LearningRateDecay.Cosine,
            null => LearningRateDecay.Constant,
            var other => throw new JsonException($"schedule \"{other}\""),
        };
        return new LearningRateSchedule(decay, setting["steps"]!.GetValue<int>(), setting["warmup"]?.GetValue<int>() ?? 0);
    }
}
