//! The classes and functions that a model file may name.

macro_rules! globals {
    ($($(#[$doc:meta])* $name:ident = $module:literal . $symbol:literal $(| $other:literal)*;)*) => {
        /// Everything a model file may name: the allow-list. None of it is ever called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Global { $($(#[$doc])* $name,)* }

        impl Global {
            /// The allowed global of that name, in any module it ever lived in.
            pub(super) fn find(module: &str, symbol: &str) -> Option<Global> {
                $(if symbol == $symbol && (module == $module $(|| module == $other)*) { return Some(Global::$name); })*
                None
            }

            /// The module it is written under.
            pub(super) fn module(self) -> &'static str { match self { $(Global::$name => $module,)* } }

            /// Its name in that module.
            pub(super) fn symbol(self) -> &'static str { match self { $(Global::$name => $symbol,)* } }
        }
    };
}

globals! {
    RandomForestRegressor = "sklearn.ensemble._forest"."RandomForestRegressor";
    RandomForestClassifier = "sklearn.ensemble._forest"."RandomForestClassifier";
    ExtraTreesRegressor = "sklearn.ensemble._forest"."ExtraTreesRegressor";
    ExtraTreesClassifier = "sklearn.ensemble._forest"."ExtraTreesClassifier";
    IsolationForest = "sklearn.ensemble._iforest"."IsolationForest";
    DecisionTreeRegressor = "sklearn.tree._classes"."DecisionTreeRegressor";
    DecisionTreeClassifier = "sklearn.tree._classes"."DecisionTreeClassifier";
    ExtraTreeRegressor = "sklearn.tree._classes"."ExtraTreeRegressor";
    ExtraTreeClassifier = "sklearn.tree._classes"."ExtraTreeClassifier";
    Tree = "sklearn.tree._tree"."Tree";
    /// numpy 1's module is written because numpy 2 still answers to it without a warning.
    Reconstruct = "numpy.core.multiarray"."_reconstruct" | "numpy._core.multiarray";
    Scalar = "numpy.core.multiarray"."scalar" | "numpy._core.multiarray";
    FromBuffer = "numpy.core.numeric"."_frombuffer" | "numpy._core.numeric";
    NumpyArray = "numpy"."ndarray";
    NumpyType = "numpy"."dtype";
    Encode = "_codecs"."encode";
    ByteArray = "builtins"."bytearray" | "__builtin__";
    /// Without arguments, as protocols up to 2 write no bytes.
    Bytes = "builtins"."bytes" | "__builtin__";
    /// How protocols 0 and 1 make instances.
    Reconstructor = "copyreg"."_reconstructor" | "copy_reg";
    ObjectClass = "builtins"."object" | "__builtin__";
    JoblibArray = "joblib.numpy_pickle"."NumpyArrayWrapper";
    /// What stands in a rewritten file where joblib's own class stood.
    Namespace = "types"."SimpleNamespace";
    RandomState = "numpy.random._pickle"."__randomstate_ctor";
    BitGenerator = "numpy.random._pickle"."__bit_generator_ctor";
    MersenneTwister = "numpy.random._mt19937"."MT19937";
    Generator = "numpy.random._pickle"."__generator_ctor";
    PermutedGenerator = "numpy.random._pcg64"."PCG64";
    SeedSequence = "numpy.random.bit_generator"."SeedSequence";
    SeedSequenceMaker = "numpy.random.bit_generator"."__pyx_unpickle_SeedSequence";
    HistogramRegressor = "sklearn.ensemble._hist_gradient_boosting.gradient_boosting"."HistGradientBoostingRegressor";
    HistogramClassifier = "sklearn.ensemble._hist_gradient_boosting.gradient_boosting"."HistGradientBoostingClassifier";
    HistogramTree = "sklearn.ensemble._hist_gradient_boosting.predictor"."TreePredictor";
    HistogramBins = "sklearn.ensemble._hist_gradient_boosting.binning"."_BinMapper";
    LabelEncoder = "sklearn.preprocessing._label"."LabelEncoder";
    Interval = "sklearn._loss.link"."Interval";
    IdentityLink = "sklearn._loss.link"."IdentityLink";
    LogitLink = "sklearn._loss.link"."LogitLink";
    MultinomialLink = "sklearn._loss.link"."MultinomialLogit";
    SquaredError = "sklearn._loss.loss"."HalfSquaredError";
    AbsoluteError = "sklearn._loss.loss"."AbsoluteError";
    PinballLoss = "sklearn._loss.loss"."PinballLoss";
    BinomialLoss = "sklearn._loss.loss"."HalfBinomialLoss";
    MultinomialLoss = "sklearn._loss.loss"."HalfMultinomialLoss";
    InnerSquaredError = "sklearn._loss._loss"."CyHalfSquaredError" | "_loss";
    InnerAbsoluteError = "sklearn._loss._loss"."CyAbsoluteError" | "_loss";
    InnerPinballLoss = "sklearn._loss._loss"."CyPinballLoss" | "_loss";
    InnerBinomialLoss = "sklearn._loss._loss"."CyHalfBinomialLoss" | "_loss";
    InnerMultinomialLoss = "sklearn._loss._loss"."CyHalfMultinomialLoss" | "_loss";
    MakeInnerSquaredError = "sklearn._loss._loss"."__pyx_unpickle_CyHalfSquaredError" | "_loss";
    MakeInnerAbsoluteError = "sklearn._loss._loss"."__pyx_unpickle_CyAbsoluteError" | "_loss";
    MakeInnerPinballLoss = "sklearn._loss._loss"."__pyx_unpickle_CyPinballLoss" | "_loss";
    MakeInnerBinomialLoss = "sklearn._loss._loss"."__pyx_unpickle_CyHalfBinomialLoss" | "_loss";
    MakeInnerMultinomialLoss = "sklearn._loss._loss"."__pyx_unpickle_CyHalfMultinomialLoss" | "_loss";
    GradientBoostingRegressor = "sklearn.ensemble._gb"."GradientBoostingRegressor";
    GradientBoostingClassifier = "sklearn.ensemble._gb"."GradientBoostingClassifier";
    DummyRegressor = "sklearn.dummy"."DummyRegressor";
    DummyClassifier = "sklearn.dummy"."DummyClassifier";
    /// The losses of histogram boosting before 1.1.
    FormerLeastSquares = "sklearn.ensemble._hist_gradient_boosting.loss"."LeastSquares";
    FormerLeastAbsolute = "sklearn.ensemble._hist_gradient_boosting.loss"."LeastAbsoluteDeviation";
    FormerPoisson = "sklearn.ensemble._hist_gradient_boosting.loss"."Poisson";
    FormerBinaryEntropy = "sklearn.ensemble._hist_gradient_boosting.loss"."BinaryCrossEntropy";
    FormerCategoricalEntropy = "sklearn.ensemble._hist_gradient_boosting.loss"."CategoricalCrossEntropy";
    HuberLoss = "sklearn._loss.loss"."HuberLoss";
    ExponentialLoss = "sklearn._loss.loss"."ExponentialLoss" | "sklearn.ensemble._gb_losses";
    PoissonLoss = "sklearn._loss.loss"."HalfPoissonLoss";
    GammaLoss = "sklearn._loss.loss"."HalfGammaLoss";
    InnerHuberLoss = "sklearn._loss._loss"."CyHuberLoss" | "_loss";
    InnerExponentialLoss = "sklearn._loss._loss"."CyExponentialLoss" | "_loss";
    InnerPoissonLoss = "sklearn._loss._loss"."CyHalfPoissonLoss" | "_loss";
    InnerGammaLoss = "sklearn._loss._loss"."CyHalfGammaLoss" | "_loss";
    MakeInnerHuberLoss = "sklearn._loss._loss"."__pyx_unpickle_CyHuberLoss" | "_loss";
    MakeInnerExponentialLoss = "sklearn._loss._loss"."__pyx_unpickle_CyExponentialLoss" | "_loss";
    MakeInnerPoissonLoss = "sklearn._loss._loss"."__pyx_unpickle_CyHalfPoissonLoss" | "_loss";
    MakeInnerGammaLoss = "sklearn._loss._loss"."__pyx_unpickle_CyHalfGammaLoss" | "_loss";
    LogLink = "sklearn._loss.link"."LogLink";
    HalfLogitLink = "sklearn._loss.link"."HalfLogitLink";
    FormerSquaredError = "sklearn.ensemble._gb_losses"."LeastSquaresError";
    FormerAbsoluteError = "sklearn.ensemble._gb_losses"."LeastAbsoluteError";
    FormerHuberLoss = "sklearn.ensemble._gb_losses"."HuberLossFunction";
    FormerQuantileLoss = "sklearn.ensemble._gb_losses"."QuantileLossFunction";
    FormerBinomialLoss = "sklearn.ensemble._gb_losses"."BinomialDeviance";
    FormerMultinomialLoss = "sklearn.ensemble._gb_losses"."MultinomialDeviance";
    Pipeline = "sklearn.pipeline"."Pipeline";
    ColumnTransformer = "sklearn.compose._column_transformer"."ColumnTransformer";
    StandardScaler = "sklearn.preprocessing._data"."StandardScaler";
    MinMaxScaler = "sklearn.preprocessing._data"."MinMaxScaler";
    MaxAbsScaler = "sklearn.preprocessing._data"."MaxAbsScaler";
    RobustScaler = "sklearn.preprocessing._data"."RobustScaler";
    FunctionTransformer = "sklearn.preprocessing._function_transformer"."FunctionTransformer";
    OneHotEncoder = "sklearn.preprocessing._encoders"."OneHotEncoder";
    OrdinalEncoder = "sklearn.preprocessing._encoders"."OrdinalEncoder";
    Float64 = "numpy"."float64";
    /// How numpy before 1.23 kept its functions: by the module and the name.
    FunctionByName = "numpy.core"."_ufunc_reconstruct";
    LogOnePlus = "numpy"."log1p" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    ExpLessOne = "numpy"."expm1" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    Logarithm = "numpy"."log" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    Exponential = "numpy"."exp" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    SquareRoot = "numpy"."sqrt" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    Square = "numpy"."square" | "numpy.core._multiarray_umath" | "numpy._core._multiarray_umath";
    TransformedTarget = "sklearn.compose._target"."TransformedTargetRegressor";
    SimpleImputer = "sklearn.impute._base"."SimpleImputer";
    MissingIndicator = "sklearn.impute._base"."MissingIndicator";
    VarianceThreshold = "sklearn.feature_selection._variance_threshold"."VarianceThreshold";
    SelectKBest = "sklearn.feature_selection._univariate_selection"."SelectKBest";
    ScoreOfRegression = "sklearn.feature_selection._univariate_selection"."f_regression";
    ScoreOfClasses = "sklearn.feature_selection._univariate_selection"."f_classif";
    InformationOfRegression = "sklearn.feature_selection._mutual_info"."mutual_info_regression";
    InformationOfClasses = "sklearn.feature_selection._mutual_info"."mutual_info_classif";
    GridSearch = "sklearn.model_selection._search"."GridSearchCV";
    RandomizedSearch = "sklearn.model_selection._search"."RandomizedSearchCV";
    HalvingGridSearch = "sklearn.model_selection._search_successive_halving"."HalvingGridSearchCV";
    HalvingRandomSearch = "sklearn.model_selection._search_successive_halving"."HalvingRandomSearchCV";
    BaggingRegressor = "sklearn.ensemble._bagging"."BaggingRegressor";
    BaggingClassifier = "sklearn.ensemble._bagging"."BaggingClassifier";
    AdaBoostRegressor = "sklearn.ensemble._weight_boosting"."AdaBoostRegressor";
    AdaBoostClassifier = "sklearn.ensemble._weight_boosting"."AdaBoostClassifier";
    VotingRegressor = "sklearn.ensemble._voting"."VotingRegressor";
    VotingClassifier = "sklearn.ensemble._voting"."VotingClassifier";
    StackingRegressor = "sklearn.ensemble._stacking"."StackingRegressor";
    StackingClassifier = "sklearn.ensemble._stacking"."StackingClassifier";
    CalibratedClassifier = "sklearn.calibration"."CalibratedClassifierCV";
    CalibratedPart = "sklearn.calibration"."_CalibratedClassifier";
    SigmoidCalibration = "sklearn.calibration"."_SigmoidCalibration";
    IsotonicRegression = "sklearn.isotonic"."IsotonicRegression";
    FrozenEstimator = "sklearn.frozen._frozen"."FrozenEstimator";
    LinearRegression = "sklearn.linear_model._base"."LinearRegression";
    Ridge = "sklearn.linear_model._ridge"."Ridge";
    RidgeSearched = "sklearn.linear_model._ridge"."RidgeCV";
    Lasso = "sklearn.linear_model._coordinate_descent"."Lasso";
    LassoSearched = "sklearn.linear_model._coordinate_descent"."LassoCV";
    ElasticNet = "sklearn.linear_model._coordinate_descent"."ElasticNet";
    ElasticNetSearched = "sklearn.linear_model._coordinate_descent"."ElasticNetCV";
    LogisticRegression = "sklearn.linear_model._logistic"."LogisticRegression";
    LogisticSearched = "sklearn.linear_model._logistic"."LogisticRegressionCV";
    Folds = "sklearn.model_selection._split"."KFold";
    StratifiedFolds = "sklearn.model_selection._split"."StratifiedKFold";
    /// The same as a function, before 1.3.
    OwnScore = "sklearn.metrics._scorer"."_passthrough_scorer";
    OwnScorer = "sklearn.metrics._scorer"."_PassthroughScorer";
    MaskedArray = "numpy.ma"."MaskedArray" | "numpy.ma.core";
    MakeMaskedArray = "numpy.ma.core"."_mareconstruct";
    Slice = "builtins"."slice" | "__builtin__";
    XgboostRegressor = "xgboost.sklearn"."XGBRegressor";
    XgboostClassifier = "xgboost.sklearn"."XGBClassifier";
    XgboostForestRegressor = "xgboost.sklearn"."XGBRFRegressor";
    XgboostForestClassifier = "xgboost.sklearn"."XGBRFClassifier";
    XgboostRanker = "xgboost.sklearn"."XGBRanker";
    XgboostModel = "xgboost.sklearn"."XGBModel";
    XgboostLabels = "xgboost.compat"."XGBoostLabelEncoder";
    XgboostBooster = "xgboost.core"."Booster";
    LightgbmRegressor = "lightgbm.sklearn"."LGBMRegressor";
    LightgbmClassifier = "lightgbm.sklearn"."LGBMClassifier";
    LightgbmRanker = "lightgbm.sklearn"."LGBMRanker";
    LightgbmBooster = "lightgbm.basic"."Booster";
    DefaultDictionary = "collections"."defaultdict";
    /// scikit-learn's dictionary of what also stands elsewhere.
    Bunch = "sklearn.utils._bunch"."Bunch" | "sklearn.utils";
    OrderedDictionary = "collections"."OrderedDict";
    RemainingColumns = "sklearn.compose._column_transformer"."_RemainderColsList";
    MetadataRequest = "sklearn.utils._metadata_requests"."MetadataRequest";
    MethodMetadataRequest = "sklearn.utils._metadata_requests"."MethodMetadataRequest";
    /// A function with some of its words given, as scikit-learn puts `check_array` before histogram boosting.
    Partial = "functools"."partial";
    CheckArray = "sklearn.utils.validation"."check_array";
}
