using LoRA.MLNet.Encoders;

namespace LoRA.MLNet.Benchmarks.Quality;

/// <summary>What the command line says about training; null is the trainer's own default.</summary>
internal sealed record QualitySettings
{
    public const string Usage = "[--epochs N] [--rank N] [--alpha X] [--targets query,value|default|all-linear] [--lr X] [--head-lr X] "
        + "[--batch N] [--dropout X] [--max-length N] [--pooling mean|family|first] [--head probe|random] [--contrastive N] [--precision auto|fp32|bf16] "
        + "[--threads N]";

    private static readonly string[] s_poolings = ["default", "mean", "family", "first"];
    private static readonly string[] s_heads = ["default", "probe", "random"];
    private static readonly string[] s_precisions = ["auto", "fp32", "bf16"];

    public required int? Epochs { get; init; }

    public required int? Rank { get; init; }

    public required double? Alpha { get; init; }

    public required double? Dropout { get; init; }

    public required string? Targets { get; init; }

    public required double? LearningRate { get; init; }

    public required double? HeadLearningRate { get; init; }

    public required int? Batch { get; init; }

    public required int? MaxLength { get; init; }

    public required Pooling? Pooling { get; init; }

    public required int? ContrastiveSteps { get; init; }

    public required HeadInitialization? Head { get; init; }

    public required TrainingPrecision Precision { get; init; }

    public required int? Threads { get; init; }

    public static QualitySettings Read(Arguments arguments) => new()
    {
        Epochs = arguments.Integer("epochs"),
        Rank = arguments.Integer("rank"),
        Alpha = arguments.Number("alpha"),
        Dropout = arguments.Number("dropout"),
        Targets = arguments.Text("targets"),
        LearningRate = arguments.Number("lr"),
        HeadLearningRate = arguments.Number("head-lr"),
        Batch = arguments.Integer("batch"),
        MaxLength = arguments.Integer("max-length"),
        Threads = arguments.Integer("threads"),
        Pooling = arguments.Choice("pooling", s_poolings) switch
        {
            "mean" => LoRA.MLNet.Pooling.Mean,
            "family" => LoRA.MLNet.Pooling.Family,
            "first" => LoRA.MLNet.Pooling.FirstToken,
            _ => null,
        },
        ContrastiveSteps = arguments.Integer("contrastive"),
        Head = arguments.Choice("head", s_heads) switch
        {
            "probe" => HeadInitialization.LinearProbe,
            "random" => HeadInitialization.Random,
            _ => null,
        },
        Precision = arguments.Choice("precision", s_precisions) switch
        {
            "fp32" => TrainingPrecision.Float32,
            "bf16" => TrainingPrecision.BFloat16,
            _ => TrainingPrecision.Auto,
        },
    };

    public LoraTextOptions ToOptions(PretrainedEncoder encoder, string? pairColumn)
    {
        var (lora, training) = (new LoraOptions(), new TrainingOptions());
        return new LoraTextOptions
        {
            Encoder = Pooling is { } pooling ? encoder.WithPooling(pooling) : encoder,
            TextPairColumnName = pairColumn,
            MaxLength = MaxLength,
            Method = lora with
            {
                Rank = Rank ?? lora.Rank,
                Alpha = Alpha ?? lora.Alpha,
                Dropout = Dropout ?? lora.Dropout,
                TargetModules = Targets is null ? lora.TargetModules : Targets == "default" ? null : Targets.Split(','),
            },
            Training = training with
            {
                Epochs = Epochs ?? training.Epochs,
                BatchSize = Batch ?? training.BatchSize,
                LearningRate = LearningRate ?? training.LearningRate,
                HeadLearningRate = HeadLearningRate ?? training.HeadLearningRate,
                HeadInitialization = Head,
                ContrastiveSteps = ContrastiveSteps,
                Precision = Precision,
                Threads = Threads,
            },
        };
    }
}
