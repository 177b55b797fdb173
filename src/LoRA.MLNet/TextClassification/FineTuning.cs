using LoRA.MLNet.Adapters;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Onnx;
using LoRA.MLNet.Persistence;
using LoRA.MLNet.Scoring;
using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using Microsoft.ML.Runtime;

namespace LoRA.MLNet.TextClassification;

/// <summary>From labelled texts to a merged model: tokenize, choose what trains, train, merge, calibrate.</summary>
internal static class FineTuning
{
    private const int UsualMaxLength = 256;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static TextModel Run(FineTuningJob job)
    {
        var (options, encoder, rows) = (job.Options, job.Options.Encoder, job.Rows);
        var model = new TextModel
        {
            Task = rows.Task,
            Config = encoder.Config,
            Pooling = encoder.Pooling,
            Weights = encoder.WeightsFor(OutputsOf(rows)),
            Tokenizer = options.Tokenizer ?? encoder.Tokenizer,
            TokenizerFiles = options.Tokenizer is null ? encoder.TokenizerFiles : new Dictionary<string, ReadOnlyMemory<byte>>(),
            MaxLength = MaxLength(options),
            Truncation = options.Truncation,
            Base = new BaseModelInfo(encoder.Name, encoder.Sha256),
            Outputs = OutputsOf(rows),
            Labels = rows.Labels,
            Scaling = rows.Task == TextTask.Regression ? TargetScaling.Of(rows.Targets) : TargetScaling.None,
        };
        LogLoading(job);
        var seed = options.Training.Seed ?? MlNetInternals.Seed(job.Environment) ?? Random.Shared.Next();
        var (training, validation) = Split(job, model, seed);
        model = Train(job, model, training, validation, seed);
        LogTraining(job.Channel, model);
        return rows.Task == TextTask.Binary && validation is not null
            ? model with { Calibration = Calibrate(encoder.Encoder, model, validation) }
            : model;
    }

    private static TextModel Train(
        FineTuningJob job, TextModel model, IReadOnlyList<TrainingRow> training, IReadOnlyList<TrainingRow>? validation, int seed)
    {
        var (options, encoder) = (job.Options, job.Options.Encoder);
        var inventory = ModuleInventory.Of(encoder.Encoder, model.Outputs, model.Pooling);
        var adaptation = options.Method.Prepare(inventory, model.Weights, seed);
        var input = new TrainingInput
        {
            Encoder = encoder.Encoder,
            Pooling = model.Pooling,
            Task = TaskOf(model.Task),
            Outputs = model.Outputs,
            Weights = model.Weights,
            Adaptation = adaptation,
            Rows = training,
            ArePairs = job.Rows.TextPairs is not null,
            ValidationRows = validation,
            LoraPlusRatio = (options.Method as LoraOptions)?.LoraPlusRatio ?? 1,
            Seed = seed,
            Device = TorchDevice.Of(job.Environment),
        };
        var (weights, report) = TrainingLoop.Run(options.Training, input, new ChannelProgress(job), options.CancellationToken);
        return model with
        {
            Weights = adaptation.Merge(model.Weights, weights),
            Adapter = adaptation is LoraAdaptation lora
                ? LoraAdapter.FromTraining(lora, weights, encoder.Encoder.DefaultTargetModules, encoder.Name)
                : null,
            Report = report,
        };
    }

    private static int OutputsOf(TextRows rows) => rows.Task == TextTask.Regression ? 1 : rows.ClassCount;

    private static Calibration Calibrate(Encoder encoder, TextModel model, IReadOnlyList<TrainingRow> validation)
    {
        using var scorer = OnnxTextScorer.Create(encoder, model.Weights, model.Outputs, model.Pooling, new OnnxSettings());
        var logits = new float[validation.Count * model.Outputs];
        scorer.Score([.. validation.Select(row => row.Tokens)], logits);
        return PlattScaling.Fit([.. logits.Chunk(2).Select(pair => pair[1] - pair[0])], [.. validation.Select(row => row.Target == 1)]);
    }

    private static int MaxLength(LoraTextOptions options)
    {
        var allowed = options.Encoder.MaxLength;
        var wanted = options.MaxLength ?? Math.Min(UsualMaxLength, allowed);
        return wanted >= 1 && wanted <= allowed ? wanted : throw new ArgumentException(
            $"{nameof(LoraTextOptions.MaxLength)} must be from 1 to {allowed}, the most that the encoder {options.Encoder.Name} has positions for; "
            + $"found {wanted}.");
    }

    private static (IReadOnlyList<TrainingRow> Training, IReadOnlyList<TrainingRow>? Validation) Split(
        FineTuningJob job, TextModel model, int seed)
    {
        var encoder = job.Options.Encoder.Encoder;
        var text = new TextEncoder(model.Tokenizer, model.MaxLength, model.Truncation, encoder.PadTokenId, encoder.UsesTokenTypes);
        var rows = TokenizedRows.Of(job.Rows, text, model.Scaling, job.Options.CancellationToken);
        if (job.Validation is { } given)
        {
            return (rows, TokenizedRows.Of(given, text, model.Scaling, job.Options.CancellationToken));
        }

        return job.Options.Training.ValidationFraction > 0
            ? ValidationSplit.HoldOut(rows, job.Options.Training.ValidationFraction, TaskOf(model.Task), new Random(seed))
            : (rows, null);
    }

    private static TrainingTask TaskOf(TextTask task) =>
        task == TextTask.Regression ? TrainingTask.Regression : TrainingTask.Classification;

    private static void LogLoading(FineTuningJob job)
    {
        if (job.Options.Encoder.LoadReport.ToString() is { Length: > 0 } loading)
        {
            job.Channel.Info(MessageSensitivity.None, "{0}: {1}", job.Options.Encoder.Name, loading);
        }
    }

    private static void LogTraining(IChannel channel, TextModel model)
    {
        var report = model.Report!;
        channel.Info(
            MessageSensitivity.None,
            "{0} parameters trained on {1} rows in {2:F1} s ({3:F0} rows/s) in {4}: {5}",
            report.TrainableParameters, report.Rows, report.Seconds, report.RowsPerSecond, report.Precision, report.PrecisionReason);
        if (report.TruncatedRows > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                "{0} rows had more than {1} tokens and were cut; {2} raises the limit",
                report.TruncatedRows, model.MaxLength, nameof(LoraTextOptions.MaxLength));
        }
    }
}
