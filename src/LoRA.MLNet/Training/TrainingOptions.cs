namespace LoRA.MLNet;

/// <summary>How a model is trained: the loop's settings, whatever is trained. Names follow Hugging Face's TrainingArguments.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training rows. Default: 5.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Rows per gradient. Default: 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Steps of a first stage that draws the features of each class together before there is a head (SetFit, Tunstall et al. 2022,
    /// arXiv 2209.11055; the loss is that of Khosla et al. 2020, arXiv 2004.11362). Classification only. Default: null, 60 of fewer than
    /// 100 rows a class of single texts with a new head, unless the encoder as it is does not tell the classes apart; otherwise 0.
    /// </summary>
    public int? ContrastiveSteps { get; init; }

    /// <summary>
    /// How a classification head starts that the checkpoint lacks; one that it has is kept. Default: null,
    /// <see cref="HeadInitialization.LinearProbe"/> of fewer than 100 rows a class, where it measured better, otherwise
    /// <see cref="HeadInitialization.Random"/>.
    /// </summary>
    public HeadInitialization? HeadInitialization { get; init; }

    /// <summary>
    /// Highest learning rate of the schedule. Default: 3e-3, which suits LoRA; full fine-tuning wants about 2e-5 to 5e-5.
    /// </summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Highest learning rate of the classification head. Default: null, the same as <see cref="LearningRate"/>.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>How the learning rates change over the steps after warm-up. Default: <see cref="LearningRateDecay.Linear"/>.</summary>
    public LearningRateDecay Schedule { get; init; }

    /// <summary>Share of the steps over which the learning rates rise from zero, rounded up to whole steps. Default: 0.06.</summary>
    public double WarmupFraction { get; init; } = 0.06;

    /// <summary>
    /// Decoupled weight decay of AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101). Biases and LayerNorm weights do not decay.
    /// Default: 0.01.
    /// </summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay of AdamW's mean of gradients. Default: 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of AdamW's mean of squared gradients. Default: 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root in AdamW's denominator. Default: 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gradients whose global Euclidean norm is greater are scaled down to it. Default: 1. Null does not clip.</summary>
    public double? MaxGradNorm { get; init; } = 1;

    /// <summary>Batches whose gradients are averaged before a step. Default: 1.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>Number format of the computation. Default: <see cref="TrainingPrecision.Auto"/>; the report says what it chose and why.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>
    /// Share of the training rows held out for validation, stratified by class, unless validation rows are given. Default: 0, none.
    /// </summary>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// What picks the best epoch, whose weights are kept, where there are validation rows. Default: <see cref="TrainingMetric.Loss"/>.
    /// </summary>
    public TrainingMetric Metric { get; init; }

    /// <summary>
    /// Epochs without improvement of <see cref="Metric"/> after which training stops. Default: null, never. Needs validation rows.
    /// </summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Weights of the classes in the loss. Default: <see cref="LoRA.MLNet.ClassWeights.None"/>. Classification only.</summary>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>Share of the target probability spread evenly over all classes. Default: 0. Classification only.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Whether dropout is on while training: the encoder's own, as its config.json has it, and the method's. Default: true. Without any, layers below
    /// the lowest that trains are computed in the first epoch only.
    /// </summary>
    public bool Dropout { get; init; } = true;

    /// <summary>
    /// Computes each layer again in the backward pass instead of keeping it: less memory for the time of one more forward pass, and the same result.
    /// Default: false.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Threads that libtorch computes with. Default: null, as many as it chooses, usually one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Seed of first values, shuffling and dropout; the same seed gives the same weights, bit for bit, on the same machine's CPU with the
    /// same number of threads. Default: null, the MLContext's seed, or a random one; the report tells it.
    /// </summary>
    public int? Seed { get; init; }
}
